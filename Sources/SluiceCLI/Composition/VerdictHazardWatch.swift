import CandidateDatabases
import DesiredState
import Diagnostics
import Forges
import Logging
import Reconciliation
import ServiceLifecycle
import StateStore

/// Looks at the forges' settings when the controller starts and every hour, and says of each registry what lets a verdict
/// outlive its evidence, or a merge go without one: an event `UnsafeVoteCarryover` and a line in the log, once for each
/// thing that is found.
struct VerdictHazardWatch: Service {
    let gates: GateDirectory
    let store: StateStore
    let logger: Logger
    var interval: Duration = .seconds(3600)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var said: [String: [String]] = [:]
            repeat {
                for name in await registries() { await look(at: name, &said) }
            } while (try? await ContinuousClock().sleep(for: interval)) != nil
        }
    }

    private func registries() async -> [String] {
        do { return try await gates.keeper.state().registries.keys.sorted() } catch {
            logger.debug("what is in force cannot be read: \(SluiceError(wrapping: error))")
            return []
        }
    }

    private func look(at name: String, _ said: inout [String: [String]]) async {
        do {
            guard let registry = try await gates.registry(named: name) else { return }
            let hazards = try await registry.forge.verdictHazards(
                project: try registry.project, branch: try registry.branch)
            let new = hazards.filter { !(said[name] ?? []).contains($0) }
            for hazard in new {
                logger.warning("a setting of the forge: \(hazard)", metadata: ["registry": "\(name)"])
            }
            // What could not be told is told at the next look.
            try await store.events.append(
                new.map { NewEvent(.warning, reason: "UnsafeVoteCarryover", message: $0) },
                to: ResourceKey(kind: GateKey.registryKind, name: name))
            said[name] = hazards
        } catch {
            // The registry's own passes say what is wrong with the forge.
            logger.debug("the settings of the forge cannot be read: \(SluiceError(wrapping: error))")
        }
    }
}
