import Logging
import ServiceLifecycle
import UnixSignals

/// Has the directory of desired state read again: on a timer, and at once on SIGHUP.
struct DesiredStateWatch: Service {
    let keeper: DesiredStateKeeper
    let interval: Duration
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while (try? await ContinuousClock().sleep(for: interval)) != nil { await keeper.refresh() }
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) {
                        logger.notice("SIGHUP: reading the directory of desired state")
                        await keeper.refresh()
                    }
                }
            }
        }
    }
}
