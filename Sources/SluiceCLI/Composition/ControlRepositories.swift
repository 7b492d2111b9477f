import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import ReleasePromotion

/// Where releases learn of their control repositories, and the commits of these on this machine: the repositories of a local
/// forge themselves, mirrors of all others.
actor ControlRepositories: ControlDirectory {
    private let keeper: DesiredStateKeeper
    private let forges: KnownForges
    private let directory: String
    private let upkeep: MirrorUpkeep
    private let connect: @Sendable (ForgeSource) async throws -> GitTransport
    private var mirrors: [String: GitMirror] = [:]
    private let fetches = FetchQueue()
    private let disposal = MirrorDisposal()
    private var pauses = HostPauses()
    /// The addresses whose mirrors alone are there; nil when nobody has looked.
    private var kept: Set<GitRemote>?

    /// - Parameters:
    ///   - directory: Where mirrors are kept.
    ///   - upkeep: Compacts them.
    ///   - connect: Makes a transport to a source.
    init(
        keeper: DesiredStateKeeper, forges: KnownForges, directory: String, upkeep: MirrorUpkeep,
        connect: @escaping @Sendable (ForgeSource) async throws -> GitTransport
    ) {
        self.keeper = keeper
        self.forges = forges
        self.directory = directory
        self.upkeep = upkeep
        self.connect = connect
    }

    func controlRepository(named name: String) async throws -> ControlRepository? {
        let state = try await keeper.state()
        guard let spec = state.controlRepositories[name] else { return nil }
        guard let forge = state.forges[spec.forge] else {
            throw SluiceError(
                "control-repository.incomplete", .stalled, "the forge \(spec.forge) of \(name) is not desired any more",
                hint: "sluice validate shows what is missing")
        }
        return ControlRepository(name: name, spec: spec, forge: try await forges.forge(forge, named: spec.forge))
    }

    func mirror(of repository: ControlRepository) async throws -> GitMirror {
        try await mirror(
            of: try ProjectRef(repository.spec.project), on: repository.forge, named: repository.spec.forge,
            bringing: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
    }

    /// The repository of a module, with its branches and tags as they stand now; nil when nobody has said where it is.
    func mirror(ofModule name: String, among modules: [String: ModuleRepository]) async throws -> GitMirror? {
        guard let module = modules[name], let forge = try await keeper.state().forges[module.forge] else { return nil }
        return try await mirror(
            of: try ProjectRef(module.project), on: try await forges.forge(forge, named: module.forge),
            named: module.forge,
            bringing: [
                try RefSpec("refs/heads/*", to: "refs/heads/*"), try RefSpec("refs/tags/*", to: "refs/tags/*"),
            ])
    }

    /// A project of a forge, with these references.
    /// - Parameter age: How long ago they may have stood so.
    func mirror(
        of project: ProjectRef, on forge: any ForgeConnection, named name: String, bringing references: [RefSpec],
        age: Duration = .zero
    ) async throws -> GitMirror {
        if let local = forge as? LocalForge {
            return try await known(local.repositoryPath(of: project)) { try await GitMirror.open($0) }
        }
        return try await mirror(at: path(of: project, on: name), bringing: references, age: age) {
            try await self.source(of: project, on: forge)
        }
    }

    /// A repository that is no project of a forge, with those of these branches that it has.
    /// - Parameters:
    ///   - branches: All that anybody wants of it: whoever asks for the same ones shares a fetch.
    ///   - age: How long ago they may have stood so.
    ///   - kept: The references of ours that stay. Others are of nobody any more.
    func mirror(
        of remote: GitRemote, branches: [String], age: Duration, keeping kept: Set<String>
    ) async throws -> GitMirror {
        let path = Self.path(of: remote, below: "\(directory)/\(Self.addresses)")
        let references = try branches.sorted().map { try RefSpec("refs/heads/\($0)", to: "refs/heads/\($0)") }
        let mirror = try await known(path) { try await GitMirror.create($0) }
        try await fetches.fetch(into: path, references, age: age) {
            try await self.fetch(ForgeSource(remote: remote, refspecs: references), into: path) { transport in
                try await mirror.deleteReferences(under: "refs/upstreams/", except: kept)
                try await transport.fetchPresent(into: mirror, from: remote, refspecs: references)
            }
        }
        return mirror
    }

    /// Where mirrors of repositories that are named by an address are kept: no forge has such a name.
    private static let addresses = "_addresses"

    private static func path(of remote: GitRemote, below folder: String) -> String {
        let name = (try? ObjectID(ofBlob: Array(remote.address.utf8)))?.hex ?? "other"
        return "\(folder)/\(name).git"
    }

    /// Removes the mirrors of all addresses but these. Looks at the folder when they are others than the last time, or something
    /// could not be removed then.
    func keepMirrors(of remotes: Set<GitRemote>) async {
        guard kept != remotes else { return }
        kept = remotes
        let folder = "\(directory)/\(Self.addresses)"
        let paths = Set(remotes.map { Self.path(of: $0, below: folder) })
        var isLeft = false
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = "\(folder)/\(name)"
            guard !paths.contains(path) else { continue }
            mirrors[path] = nil
            if !MirrorDisposal.setAside(path) { isLeft = true }
        }
        if await !disposal.removeAll(in: folder) || isLeft { kept = nil }
    }

    private func mirror(
        at path: String, bringing references: [RefSpec], age: Duration = .zero,
        from source: @escaping @Sendable () async throws -> ForgeSource
    ) async throws -> GitMirror {
        let mirror = try await known(path) { try await GitMirror.create($0) }
        try await fetches.fetch(into: path, references, age: age) {
            let source = try await source()
            try await self.fetch(source, into: path) {
                try await $0.fetch(into: path, from: source.remote, refspecs: references)
            }
        }
        return mirror
    }

    /// Fetches, unless the host has asked to wait.
    private func fetch(
        _ source: ForgeSource, into path: String, _ fetch: (GitTransport) async throws -> Void
    ) async throws {
        try pauses.check(source.remote)
        do {
            let transport = try await connect(source)
            try await fetch(transport)
            Task { [upkeep] in await upkeep.fetched(into: path, by: transport) }
        } catch let error as SluiceError where error.code == "git.rate-limited" {
            pauses.note(error, from: source.remote)
            throw error
        }
    }

    func push(
        _ updates: [ReferenceUpdate], from mirror: GitMirror, to repository: ControlRepository
    ) async throws {
        try await push(
            updates, from: mirror, to: try ProjectRef(repository.spec.project), on: repository.forge,
            named: repository.spec.forge)
    }

    /// Moves branches of a project, each only from where it is said to stand, to commits of its mirror.
    func push(
        _ updates: [ReferenceUpdate], from mirror: GitMirror, to project: ProjectRef, on forge: any ForgeConnection,
        named name: String
    ) async throws {
        guard !(forge is LocalForge) else { return try await mirror.update(updates) }
        let source = try await source(of: project, on: forge)
        try await connect(source).push(from: path(of: project, on: name), to: source.remote, updates: updates)
    }

    func isSource(
        _ branch: String, of repository: ControlRepository, beside release: String
    ) async throws -> Bool {
        try await keeper.state().releases.contains { name, other in
            name != release && other.repository == repository.name && other.source == branch
                && ![.cancelled, .rolledBack].contains(other.target)
        }
    }

    private func source(of project: ProjectRef, on forge: any ForgeConnection) async throws -> ForgeSource {
        guard let reading = forge as? any CandidateReading else {
            throw SluiceError(
                "forge.not-supported", .stalled, "the forge \(forge.name) cannot say where to fetch from")
        }
        return try await reading.source(project: project)
    }

    private func path(of project: ProjectRef, on forge: String) -> String {
        "\(directory)/\(forge)/\(project.path).git"
    }

    private func known(_ path: String, _ open: (String) async throws -> GitMirror) async throws -> GitMirror {
        if let known = mirrors[path], FileManager.default.fileExists(atPath: path) { return known }
        let mirror = try await open(path)
        mirrors[path] = mirror
        return mirror
    }
}

/// The modules whose repositories a control repository names.
struct NamedModules: ModuleMirrors {
    let repositories: ControlRepositories
    let modules: [String: ModuleRepository]

    func mirror(ofModule name: String) async throws -> GitMirror? {
        try await repositories.mirror(ofModule: name, among: modules)
    }
}
