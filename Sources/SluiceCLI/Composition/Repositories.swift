import CandidateDatabases
import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient

/// The repositories of registries on this machine: those of a local forge themselves, mirrors of all others.
///
/// A mirror is fetched into only when it lacks a commit that is asked for. What several ask for while a fetch is under way
/// comes with the next one, so that a round over a thousand candidates costs a few processes and not a thousand.
actor Repositories {
    private let directory: String
    private let upkeep: MirrorUpkeep
    private let connect: @Sendable (ForgeSource) async throws -> GitTransport
    private var mirrors: [String: GitMirror] = [:]
    private var fetches: [String: Task<Void, any Error>] = [:]
    private var waiting: [String: Set<RefSpec>] = [:]
    /// The references of the candidates that the last sweep of each registry found open, by mirror and registry.
    private var open: [String: [String: Set<String>]] = [:]

    /// The most references of one fetch: they are arguments of one process.
    private static let batch = 500

    /// - Parameters:
    ///   - directory: Where mirrors are kept.
    ///   - upkeep: Compacts them.
    ///   - connect: Makes a transport to a source.
    init(
        directory: String, upkeep: MirrorUpkeep,
        connect: @escaping @Sendable (ForgeSource) async throws -> GitTransport
    ) {
        self.directory = directory
        self.upkeep = upkeep
        self.connect = connect
    }

    /// The registry's repository, with the commits that are asked for.
    /// - Throws: `forge.head-moved` when a candidate's reference brings another commit by now.
    func repository(of registry: GateRegistry, having wanted: WantedCommits) async throws -> GitMirror {
        let project = try ProjectRef(registry.spec.project)
        if let local = registry.forge as? LocalForge { return try await open(local.repositoryPath(of: project)) }
        let path = "\(directory)/\(registry.spec.forge)/\(project.path).git"
        let mirror = try await mirror(at: path)
        if wanted.isHint { try await prune(mirror, at: path, of: registry.name, keeping: wanted.candidates) }
        if try await wanted.isSatisfied(by: mirror) { return mirror }
        waiting[path, default: []].formUnion(try await wanted.missingReferences(in: mirror))
        // Whoever comes while a fetch is under way needs one that begins later: the last push may be just behind it.
        if let running = fetches[path] {
            _ = try? await running.sharedValue()
            try Task.checkCancellation()
        }
        if try await wanted.isSatisfied(by: mirror) { return mirror }
        let fetch = fetches[path] ?? begin(registry, project, into: path)
        try await fetch.sharedValue()
        for candidate in wanted.candidates where !wanted.isHint {
            guard try await mirror.contains(candidate.revision) else {
                throw SluiceError(
                    "forge.head-moved", .conflict,
                    "\(candidate.id) no longer stands at \(candidate.revision.abbreviated)")
            }
        }
        return mirror
    }

    /// Begins a fetch, of which there is one at a time; it is cleared away before anybody hears of its end, so that none passes for
    /// one that began later.
    private func begin(_ registry: GateRegistry, _ project: ProjectRef, into path: String) -> Task<Void, any Error> {
        let references = waiting.removeValue(forKey: path) ?? []
        let fetch = Task {
            defer { fetches[path] = nil }
            try await self.fetch(registry, project, into: path, references)
        }
        fetches[path] = fetch
        return fetch
    }

    /// Deletes the references of candidates that no registry of the project has open any more. One that is missed, because
    /// a registry has not been swept yet, costs a fetch: whoever needs a commit looks whether it is there.
    private func prune(
        _ mirror: GitMirror, at path: String, of registry: String, keeping candidates: [Candidate]
    ) async throws {
        let kept = Set(try candidates.compactMap { try $0.refspec?.destination })
        guard open[path]?[registry] != kept else { return }
        open[path, default: [:]][registry] = kept
        let all = open[path, default: [:]].values.reduce(into: Set()) { $0.formUnion($1) }
        try await mirror.deleteReferences(under: "refs/sluice/", except: all)
    }

    private func fetch(
        _ registry: GateRegistry, _ project: ProjectRef, into path: String, _ references: Set<RefSpec>
    ) async throws {
        let source = try await registry.forge.source(project: project)
        let transport = try await connect(source)
        try await transport.fetch(into: path, from: source.remote, refspecs: source.refspecs)
        defer { Task { [upkeep] in await upkeep.fetched(into: path, by: transport) } }
        let sorted = references.sorted { $0.source < $1.source }
        for start in stride(from: 0, to: sorted.count, by: Self.batch) {
            let part = Array(sorted[start..<min(start + Self.batch, sorted.count)])
            do {
                try await transport.fetch(into: path, from: source.remote, refspecs: part, prune: false)
            } catch let error as SluiceError where error.code == "git.reference-missing" && part.count > 1 {
                // One of them is gone meanwhile; the others are not to wait for it.
                for refspec in part {
                    do {
                        try await transport.fetch(into: path, from: source.remote, refspecs: [refspec], prune: false)
                    } catch let error as SluiceError where error.code == "git.reference-missing" { continue }
                }
            } catch let error as SluiceError where error.code == "git.reference-missing" { continue }
        }
    }

    private func mirror(at path: String) async throws -> GitMirror {
        if let known = mirrors[path], FileManager.default.fileExists(atPath: path) { return known }
        let made = try await GitMirror.create(path)
        mirrors[path] = made
        return made
    }

    private func open(_ path: String) async throws -> GitMirror {
        if let known = mirrors[path], FileManager.default.fileExists(atPath: path) { return known }
        let mirror = try await GitMirror.open(path)
        mirrors[path] = mirror
        return mirror
    }
}

extension WantedCommits {
    /// Whether a mirror has all of them.
    func isSatisfied(by mirror: GitMirror) async throws -> Bool {
        for commit in commits where try await !mirror.contains(commit) { return false }
        for candidate in candidates where try await !mirror.contains(candidate.revision) { return false }
        return true
    }

    /// What brings the candidates that are not there yet and do not come with the branches.
    func missingReferences(in mirror: GitMirror) async throws -> [RefSpec] {
        var missing: [RefSpec] = []
        for candidate in candidates where try await !mirror.contains(candidate.revision) {
            if let refspec = try candidate.refspec { missing.append(refspec) }
        }
        return missing
    }
}
