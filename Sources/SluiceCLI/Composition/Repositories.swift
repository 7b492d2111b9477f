import CandidateDatabases
import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient

/// The repositories of registries on this machine: those of a local forge themselves, mirrors of all others.
actor Repositories {
    private let directory: String
    private let transport: GitTransport
    private var mirrors: [String: GitMirror] = [:]
    private var fetches: [String: Task<GitMirror, any Error>] = [:]

    /// - Parameter directory: Where mirrors are kept.
    init(directory: String, transport: GitTransport = GitTransport(allowing: [.https, .ssh])) {
        self.directory = directory
        self.transport = transport
    }

    /// The registry's repository, with its branch and candidates as they are now.
    func repository(of registry: GateRegistry) async throws -> GitMirror {
        let project = try ProjectRef(registry.spec.project)
        if let local = registry.forge as? LocalForge { return try await open(local.repositoryPath(of: project)) }
        let source = try await registry.forge.source(project: project)
        let path = "\(directory)/\(registry.spec.forge)/\(project.path).git"
        // Whoever comes while a fetch is under way needs one that begins later: the last push may be just behind it.
        if let running = fetches[path] { _ = await running.result }
        if let begun = fetches[path] { return try await begun.value }
        let fetch = Task { try await self.fetch(source, into: path) }
        fetches[path] = fetch
        defer { if fetches[path] == fetch { fetches[path] = nil } }
        return try await fetch.value
    }

    private func fetch(_ source: ForgeSource, into path: String) async throws -> GitMirror {
        let mirror: GitMirror
        if let known = mirrors[path] { mirror = known } else { mirror = try await GitMirror.create(path) }
        mirrors[path] = mirror
        try await transport.fetch(into: path, from: source.remote, refspecs: source.refspecs)
        return mirror
    }

    private func open(_ path: String) async throws -> GitMirror {
        if let known = mirrors[path], FileManager.default.fileExists(atPath: path) { return known }
        let mirror = try await GitMirror.open(path)
        mirrors[path] = mirror
        return mirror
    }
}
