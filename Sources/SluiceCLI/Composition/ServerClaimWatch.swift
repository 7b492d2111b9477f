import CandidateDatabases
import Diagnostics
import Logging
import ServiceLifecycle

/// Says every two minutes on each desired server that this installation works there, whatever its registries do: one that
/// is suspended, or is looked at once a day, has databases there that another installation would take for leftovers of its own.
struct ServerClaimWatch: Service {
    let keeper: DesiredStateKeeper
    let servers: DatabaseServers
    let logger: Logger
    var interval: Duration = ServerClaims.renewalInterval
    /// How long a server may take; one that hangs holds up no other.
    var patience: Duration = .seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            repeat { await renew() } while (try? await ContinuousClock().sleep(for: interval)) != nil
        }
    }

    /// Renews the claims that are ours.
    func renew() async {
        do {
            let desired = try await keeper.state().servers
            await withDiscardingTaskGroup { group in
                for (name, spec) in desired {
                    group.addTask {
                        let renewed = await Look.result(
                            of: { [servers] in try await servers.renewClaim(on: name, spec) }, within: patience)
                        guard case .failure(let error) = renewed, !Task.isCancelled else { return }
                        logger.warning(
                            "that we work on a server could not be said there: \(error)",
                            metadata: ["server": "\(name)"])
                    }
                }
            }
        } catch {
            logger.debug("what is in force cannot be read: \(SluiceError(wrapping: error))")
        }
    }
}
