import ConfigRepository
import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import Logging
import StateStore

/// Where the operator says that desired state is read from.
enum DesiredStateOrigin: Sendable {
    /// A directory of YAML on this machine.
    case directory(String)
    /// A branch of a git repository.
    case repository(ConfigRepositoryPlace)

    /// The directory of the repository when it lies on this machine, so that pushes to it are noticed at once.
    var localRepository: String? {
        guard case .repository(let place) = self, place.forge == nil else { return nil }
        return place.localPath
    }

    /// The forge of a name that the operator brought along with the repository.
    func forge(named name: String) -> ForgeSpec? {
        guard case .repository(let place) = self, let forge = place.forge, forge.name == name else { return nil }
        return forge.spec
    }
}

/// A config repository as the operator names it.
struct ConfigRepositoryPlace: Sendable {
    /// Its URL or absolute path; its project when a forge is named.
    var address: String
    /// The branch.
    var branch: String
    /// The directory in it; empty for its root.
    var path: String
    /// The forge that it is a project of, when one is named.
    var forge: Resource<ForgeSpec>?

    /// The absolute path of a repository on this machine.
    var localPath: String? {
        if address.begins(with: "/") { return address }
        guard address.lowercased().begins(with: "file:///") else { return nil }
        return String(address.dropFirst("file://".count))
    }
}

extension ControllerConfiguration {
    /// The reconciler that brings desired state into force; nil when nothing is read.
    func reconciler(
        store: StateStore, forges: ForgeFactory, logger: Logger
    ) throws -> ConfigurationReconciler? {
        guard let desiredState else { return nil }
        let source: any ConfigurationSource =
            switch desiredState {
            case .directory(let path): DirectorySource(path)
            case .repository(let place): try repository(place, forges, logger)
            }
        return ConfigurationReconciler(
            source: source, policy: configurationPolicy, store: store, interval: rereadInterval, logger: logger)
    }

    /// A repository of a forge, one on this machine that can be a project of a local forge, or one at an address.
    private func repository(
        _ place: ConfigRepositoryPlace, _ forges: ForgeFactory, _ logger: Logger
    ) throws -> RepositorySource {
        // The operator has named the repository, so directories and plain HTTP are allowed here.
        let transport = GitTransport(
            allowing: [.https, .http, .ssh, .file], scratchDirectory: gitScratchDirectory)
        if let forge = place.forge {
            return try RepositorySource(
                forge: forges.make(forge.spec, named: forge.name), forge.spec,
                project: try ProjectRef(place.address), branch: place.branch, path: place.path,
                mirrorPath: configMirror,
                transport: transport)
        }
        if let path = place.localPath, let (folder, project) = Self.project(at: path) {
            return try RepositorySource(
                forge: LocalForge(name: folder, folder: folder, logger: logger, now: { Date() }),
                .local(LocalForgeSpec(path: folder)), project: project,
                branch: place.branch, path: place.path, mirrorPath: configMirror, transport: transport)
        }
        return try RepositorySource(
            remote: try place.localPath.map { try GitRemote(path: $0) } ?? GitRemote(place.address),
            branch: place.branch, path: place.path, mirrorPath: configMirror, transport: transport)
    }

    /// The folder and the project of a bare repository `<folder>/<project>.git`.
    private static func project(at path: String) -> (String, ProjectRef)? {
        let url = URL(filePath: path)
        guard url.pathExtension == "git", let project = try? ProjectRef(url.deletingPathExtension().lastPathComponent)
        else { return nil }
        var folder = url.deletingLastPathComponent().path(percentEncoded: false)
        if folder.count > 1, folder.ends(with: "/") { folder.removeLast() }
        return (folder, project)
    }
}
