import ConfigRepository
import Diagnostics
import Logging
import ServiceLifecycle
import StateStore
import UnixSignals

/// Notices what another replica has brought into force, on a timer, and has the source of desired state looked at when
/// SIGHUP comes.
struct DesiredStateWatch: Service {
    let keeper: DesiredStateKeeper
    let store: StateStore
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while (try? await ContinuousClock().sleep(for: interval)) != nil {
                        await attempt { try await keeper.reload() }
                    }
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) {
                        logger.notice("SIGHUP: reading desired state")
                        await attempt {
                            try await store.queue.enqueue(
                                EnqueueRequest(
                                    Configuration.key, lane: .observe, reason: "SIGHUP", priority: 10,
                                    liftsQuarantine: true))
                        }
                    }
                }
            }
        }
    }

    private func attempt(_ body: () async throws -> Void) async {
        do { try await body() } catch {
            logger.warning("the store of desired state is out of reach: \(SluiceError(wrapping: error))")
        }
    }
}
