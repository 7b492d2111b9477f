import AccessControl
import ConfigRepository
import ControlAPI
import DesiredState
import Diagnostics
import Doctor
import Foundation
import GitClient
import Glibc
import ReleasePromotion
import StateStore

extension Examination {
    func configurationFindings(_ state: StateInForce, by deadline: ContinuousClock.Instant) async -> [Finding] {
        let ready = try? await observed(by: deadline) { try await self.store.resources.get(Configuration.key) }
            .get()?.conditions[.ready]
        return ConfigurationObservation(
            source: configuration.desiredState?.words,
            isInForce: ready.flatMap { $0.status == .unknown ? nil : $0.status == .true },
            message: ready?.message ?? "", objects: state.count
        ).findings
    }

    /// - Parameter isShared: Whether anybody has ever said who may do what: nobody is let in without proof then.
    nonisolated func access(_ state: StateInForce, isShared: Bool) -> AccessObservation {
        let interface = configuration.interface
        return AccessObservation(
            requiresProof: interface.requiresAuthentication || !state.access.isEmpty || isShared,
            isReadOpen: interface.authentication.isReadOpen, hasBindings: !state.access.isEmpty,
            hasUnreadableBindings: state.access.hasUnreadableBindings)
    }

    /// - Parameter state: Desired state, as far as it is known: programs that only checks of control repositories use are
    ///   looked for where there are some.
    func machineFindings(for state: StateInForce? = nil, by deadline: ContinuousClock.Instant) async -> [Finding] {
        switch await observed(by: deadline, { await self.machine(for: state) }) {
        case .success(let machine): machine.findings
        case .failure(let error): MachineObservation.findings(without: error, of: configuration.dataDirectory)
        }
    }

    /// A file system that hangs holds the thread that asks: not that of this actor.
    @concurrent private nonisolated func machine(for state: StateInForce?) async -> MachineObservation {
        let directory = configuration.dataDirectory
        var space = statvfs()
        let isRead = statvfs(directory, &space) == 0
        let version = try? await GitTransport(allowing: [], scratchDirectory: configuration.gitScratchDirectory)
            .version()
        let puppet = PuppetPrograms(directory: configuration.checksDirectory).installed
        let checked = state?.controlRepositories.isEmpty == false ? puppet : []
        return MachineObservation(
            directory: directory, freeBytes: isRead ? Self.bytes(space.f_bavail, space.f_frsize) : nil,
            allBytes: isRead ? Self.bytes(space.f_blocks, space.f_frsize) : nil,
            freeFiles: isRead && space.f_files > 0 ? Int64(clamping: space.f_favail) : nil,
            programs: [.init(name: "git", version: version)]
                + checked.map { .init(name: $0.name, version: $0.path, isFor: "manifests are not checked by it") })
    }

    private static func bytes(_ blocks: UInt, _ size: UInt) -> Int64 {
        let (bytes, overflows) = blocks.multipliedReportingOverflow(by: size)
        return overflows ? .max : Int64(clamping: bytes)
    }
}

extension DesiredStateOrigin {
    /// Where it is, for people: without what an address may hold beside.
    fileprivate var words: String {
        switch self {
        case .directory(let path): "the directory \(path)"
        case .repository(let place): "the branch \(place.branch) of \(TextScrubber(limit: 300).scrub(place.address))"
        }
    }
}
