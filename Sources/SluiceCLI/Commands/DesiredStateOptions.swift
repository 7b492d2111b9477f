import ArgumentParser
import ConfigRepository
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// Where desired state is read from, and how much of it may change unasked.
struct DesiredStateOptions: ParsableArguments {
    @Option(name: .long, help: "The directory of desired state.", completion: .directory)
    var config: String?

    @Option(
        name: .long,
        help: "The config repository: an absolute path, a URL, or a project of the forge.")
    var configRepo: String?

    @Option(name: .long, help: "Of the config repository: the directory in it.")
    var path: String = ""

    @Option(name: .long, help: "Of the config repository: the branch.")
    var branch: String = "main"

    @Option(
        name: .long, help: "Of the config repository: a manifest of the Forge that it is a project of.",
        completion: .file())
    var configForge: String?

    @Flag(name: .customLong("config-by-hand"), help: "Read nothing: desired state is what people apply.")
    var byHand = false

    @Option(name: .customLong("config-interval"), help: "How often desired state is looked at, as 15s or 1m.")
    var interval: WaitingTime?

    @Option(name: .customLong("config-deletions"), help: "How many resources may go at a time unconfirmed.")
    var deletions: Int = 10

    @Option(
        name: .customLong("config-deletion-percent"),
        help: "How large a part of them may go at a time unconfirmed; two may in any case, but never all.")
    var deletionPercent: Int = 20

    @Option(
        name: .customLong("config-rewritten"),
        help: "What is done about a branch whose history was rewritten: hold or apply.")
    var rewrittenHistory: RewrittenHistory = .hold

    /// What is done about rewritten history.
    enum RewrittenHistory: String, ExpressibleByArgument, CaseIterable {
        case hold, apply
    }

    func validate() throws {
        guard [config != nil, configRepo != nil, byHand].count(where: \.self) == 1 else {
            throw ValidationError(
                "desired state is read from one of --config and --config-repo, or with --config-by-hand from neither")
        }
        guard configRepo != nil || (path.isEmpty && configForge == nil) else {
            throw ValidationError("--path and --config-forge are of a --config-repo")
        }
        guard deletions >= 0, (0...100).contains(deletionPercent) else {
            throw ValidationError("--config-deletions is a number from 0, --config-deletion-percent one from 0 to 100")
        }
        let parts = path.parts(at: "/")
        guard path.isEmpty || parts.allSatisfy({ !["", ".", ".."].contains($0) }) else {
            throw ValidationError("--path is relative to the repository's root, without . and ..")
        }
    }

    /// How much may change by a revision alone.
    var policy: ConfigurationPolicy {
        ConfigurationPolicy(
            deletions: deletions, deletionPercent: deletionPercent,
            rewrittenHistory: rewrittenHistory == .hold ? .hold : .apply)
    }

    /// Where it is read from; nil when nothing is read.
    var origin: DesiredStateOrigin? {
        get throws {
            if let config { return .directory(AbsolutePath.of(config)) }
            guard let configRepo else { return nil }
            return .repository(
                ConfigRepositoryPlace(address: configRepo, branch: branch, path: path, forge: try forge))
        }
    }

    private var forge: Resource<ForgeSpec>? {
        get throws {
            guard let configForge else { return nil }
            let bytes = try RegularFile.read(AbsolutePath.of(configForge), limit: ReadingLimits().fileSize)
            let state = try DesiredStateReader().read(files: [DesiredStateFile(path: configForge, bytes: bytes)])
            guard let forge = state.forges.first, state.resources.count == 1 else {
                throw CommandFailure(.invalid, "\(configForge) is to hold one Forge and nothing else")
            }
            return forge
        }
    }
}
