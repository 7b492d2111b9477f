import DesiredState
import Forges

/// Whether projects merge with merge commits, as their code hosts say: asked before something is merged, and not each time.
actor MergeSettings {
    private var good: [String: ContinuousClock.Instant] = [:]

    /// Whether merging makes merge commits; true where nobody can tell. A host that cannot be asked says so when it is asked to
    /// merge.
    func makesMergeCommits(_ repository: ControlRepository) async throws -> Bool {
        let key = "\(repository.forge.name)/\(repository.spec.project)"
        if let last = good[key], .now - last < .seconds(600) { return true }
        do {
            guard try await repository.forge.makesMergeCommits(project: try repository.project) else { return false }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return true
        }
        good[key] = .now
        return true
    }
}
