import Changelog
import CommittedChangelog
import DesiredState
import Diagnostics
public import GitClient
import RegistryChanges

/// Judges what is pushed by what can be said without a database: whether manifests and changelogs can be understood.
///
/// Of each branch the commit is judged that it is to stand at; what was mended on the way there is nobody's concern. A branch
/// on which none of the files changed is left alone, so that nobody is kept from pushing by the mistakes of others.
public struct PushCheck: Sendable {
    /// The root changelogs, as paths in the repository.
    public let changelogs: [String]
    /// The directories of manifests; empty for the whole tree.
    public let manifests: [String]
    /// How much of a tree is read.
    public let limits: TreeLimits

    /// Makes a check.
    public init(
        changelogs: [String], manifests: [String],
        limits: TreeLimits = TreeLimits(files: 10_000, bytesPerFile: 8 << 20, totalBytes: 64 << 20)
    ) {
        self.changelogs = changelogs
        self.manifests = manifests
        self.limits = limits
    }

    /// What is wrong with what is pushed, one line each; empty when nothing is.
    /// - Parameter mirror: The repository, quarantine included.
    /// - Throws: When it cannot be told.
    public func mistakes(in references: [PushedReference], of mirror: GitMirror) async throws -> [String] {
        var found: [String] = []
        var judged: Set<Judged> = []
        for reference in references {
            guard let new = reference.new, let branch = reference.name.rest(after: "refs/heads/") else { continue }
            // A commit that is pushed to several branches is new on one of them and old on another.
            for root in Set(changelogs.map(Self.root)).sorted()
            where try await isChanged(root, reference, mirror) && judged.insert(.init(new, changelogs: root)).inserted {
                let files = try await files(at: new, under: [root], mirror)
                for path in changelogs where Self.root(path) == root {
                    found += Self.mistakes(ofChangelog: path, in: files).map { "\(branch): \($0)" }
                }
            }
            for directory in manifests
            where try await isChanged(directory, reference, mirror)
                && judged.insert(.init(new, manifests: directory)).inserted
            {
                let files = try await files(at: new, under: [directory], mirror)
                found += Self.mistakes(ofManifests: files, below: directory).map { "\(branch): \($0)" }
            }
        }
        return found
    }

    /// What is judged once: a directory of a commit.
    private struct Judged: Hashable {
        let commit: ObjectID
        let root: String
        let isOfManifests: Bool

        init(_ commit: ObjectID, changelogs root: String) {
            (self.commit, self.root, isOfManifests) = (commit, root, false)
        }
        init(_ commit: ObjectID, manifests root: String) {
            (self.commit, self.root, isOfManifests) = (commit, root, true)
        }
    }

    /// What a changelog may refer to: everything below the first directory of its path, as a registry watches by default.
    private static func root(_ path: String) -> String {
        let parts = path.words(at: "/")
        return parts.count > 1 ? String(parts.first ?? "") : ""
    }

    private func isChanged(_ path: String, _ reference: PushedReference, _ mirror: GitMirror) async throws -> Bool {
        guard let old = reference.old, let new = reference.new, try await mirror.contains(old) else { return true }
        let before = try await mirror.treeID(of: old, at: path)
        return try await before != mirror.treeID(of: new, at: path)
    }

    private func files(at commit: ObjectID, under paths: [String], _ mirror: GitMirror) async throws -> [GitFile] {
        try await mirror.files(in: commit, under: paths, limits: limits)
    }

    private static func mistakes(ofChangelog path: String, in files: [GitFile]) -> [String] {
        // A branch without the changelog has no mistake in it.
        guard files.contains(where: { $0.path == path }) else { return [] }
        let source = CommitSource(files)
        do {
            let changelog = try ChangelogReader(source: source).read(path)
            _ = try PreparedChangelog(changelog, source: source, registry: RegistryChanges.changeTypes)
            return []
        } catch let error as DiagnosticsError {
            return error.diagnostics.filter { $0.severity == .error }.map(\.description)
        } catch {
            return [SluiceError(wrapping: error).description]
        }
    }

    /// The same files are read, and the same refused, as once they are in force.
    private static func mistakes(ofManifests files: [GitFile], below directory: String) -> [String] {
        let entries = files.map { file in
            DesiredStateEntry(
                path: file.path, bytes: file.bytes, isLink: [.symbolicLink, .gitlink].contains(file.mode))
        }
        do {
            _ = try DesiredStateReader().read(DesiredStateListing(entries, below: directory))
            return []
        } catch let error as DiagnosticsError {
            return error.diagnostics.map(\.description)
        } catch {
            return [SluiceError(wrapping: error).description]
        }
    }
}
