import DesiredState
import Diagnostics
import Foundation
import Logging
import ServiceLifecycle
import StateStore

/// Notices pushes to the repositories of local forges by watching their references, within a millisecond or two.
///
/// Repositories on this machine need no hook to be quick. The watch is a hint like any other: where the kernel has none to
/// offer, hooks and the timer find the same a little later.
struct LocalForgeWatch: Service {
    let keeper: DesiredStateKeeper
    /// Where desired state is read from.
    let origin: DesiredStateOrigin?
    let store: StateStore
    let logger: Logger

    func run() async throws {
        do {
            let changes = try DirectoryChanges()
            await cancelWhenGracefulShutdown { await follow(changes) }
        } catch {
            logger.warning("local repositories are not watched: \(error)")
            try await gracefulShutdown()
        }
    }

    private func follow(_ changes: DirectoryChanges) async {
        var watched: [String: String] = [:]
        var repositories: Set<String> = []
        while !Task.isCancelled {
            do { repositories = try await self.repositories() } catch {
                logger.debug("what is in force cannot be read: \(SluiceError(wrapping: error))")
            }
            for repository in repositories where !watched.values.contains(repository) {
                for directory in Self.referenceDirectories(of: repository) where await changes.watch(directory) {
                    watched[directory] = repository
                }
            }
            // Short enough to end soon after a shutdown begins, and to meet repositories that are made later.
            let changed = Set(await changes.next(within: 1000).compactMap { watched[$0] })
            // Looked through again before anybody is told: a new directory may hold a reference already.
            watched = watched.filter { repositories.contains($0.value) && !changed.contains($0.value) }
            for repository in changed {
                for directory in Self.referenceDirectories(of: repository) where await changes.watch(directory) {
                    watched[directory] = repository
                }
                do { try await notice(repository) } catch {
                    logger.warning("a push was noticed and could not be noted; the timer will find it: \(error)")
                }
            }
        }
    }

    private func notice(_ repository: String) async throws {
        let routing = try await DeliveryRouting(keeper, origin, store)
        try await store.queue.enqueue(routing.keys(at: repository).map { DeliveryRouting.wish($0, because: "push") })
    }

    /// The config repository, and the repositories of everything that is desired now, as far as they lie on this
    /// machine.
    private func repositories() async throws -> Set<String> {
        let state = try await keeper.state()
        return Set(
            state.projects.compactMap { project in
                guard case .local(let forge)? = state.forges[project.forge]?.host else { return nil }
                return "\(forge.path)/\(project.name).git"
            }
        ).union(origin?.localRepository.map { [$0] } ?? [])
    }

    /// The directories in which a repository's branches lie as files. Links are not followed.
    private static func referenceDirectories(of repository: String) -> [String] {
        let root = "\(repository)/refs/heads"
        let names = FileManager.default.enumerator(
            at: URL(filePath: root), includingPropertiesForKeys: [.isDirectoryKey, .isSymbolicLinkKey])
        let below = (names?.allObjects ?? []).compactMap { $0 as? URL }.filter { url in
            let values = try? url.resourceValues(forKeys: [.isDirectoryKey, .isSymbolicLinkKey])
            return values?.isDirectory == true && values?.isSymbolicLink != true
        }
        return [root] + below.map { $0.path(percentEncoded: false) }
    }
}
