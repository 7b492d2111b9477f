import Foundation
import Hummingbird
package import Logging
import NIOConcurrencyHelpers
import ServiceLifecycle

/// A stand-in for a code host: it speaks the host's interface over HTTP, serves real git, and does wrong what it is told
/// to do wrong.
///
/// It is there for two purposes: the adapters' tests, which it proves by speaking the real wire, and `sluice dev forge`,
/// with which a user tries a whole setup on one machine. It is no code host: everyone with a token trusts it, and it
/// listens where it is told to.
///
/// ## Topics
/// - ``world``: accounts, projects, candidates.
/// - ``faults``, ``log``: what goes wrong, and what was asked.
/// - ``webhooks``: what is told to others.
package final class ForgeDouble: Sendable {
    package let configuration: ForgeDoubleConfiguration
    package let world: ForgeWorld
    package let faults = FaultPlan()
    package let log = RequestLog()
    package let webhooks: WebhookSender
    private let wire: any ForgeWire
    private let turnstile = Turnstile()
    private let logger: Logger

    /// Opens the directory, or begins a new one.
    package init(_ configuration: ForgeDoubleConfiguration, logger: Logger) throws {
        try FileManager.default.createDirectory(
            atPath: configuration.directory, withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        let wire = configuration.type.wire(gitLabVersion: configuration.gitLabVersion)
        let webhooks = WebhookSender(
            type: configuration.type, wire: wire, target: configuration.webhook, now: configuration.now)
        self.configuration = configuration
        self.wire = wire
        self.webhooks = webhooks
        self.logger = logger
        world = try ForgeWorld(
            type: configuration.type, directory: configuration.directory, searchPath: configuration.searchPath,
            pageLimit: configuration.pageLimit, now: configuration.now, onEvent: { webhooks.tell($0) })
    }

    /// Changes the world as an administrator or an author at the host's own pages would, while no request is served.
    @discardableResult
    package func administer<R: Sendable>(_ body: (ForgeWorld) async throws -> R) async throws -> R {
        try await turnstile.pass { try await body(world) }
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    /// - Parameter onListening: Told the address once connections are accepted: `http://127.0.0.1:8080`.
    package func run(onListening: @escaping @Sendable (_ baseURL: String) async -> Void) async throws {
        let host = configuration.host
        let webhooks = webhooks
        let application = Application(
            responder: DoubleResponder(
                wire: wire, world: world, faults: faults, log: log, webhooks: webhooks, turnstile: turnstile),
            server: .http1(configuration: .init(idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(address: .hostname(host, port: configuration.port)),
            onServerRunning: { channel in
                let baseURL = "http://\(host.contains(":") ? "[\(host)]" : host):\(channel.localAddress?.port ?? 0)"
                webhooks.begin(baseURL: baseURL)
                await onListening(baseURL)
            }, logger: logger)
        do {
            try await application.run()
        } catch {
            await webhooks.end()
            throw error
        }
        await webhooks.end()
    }

    /// Serves while `body` runs.
    package func serving<R: Sendable>(_ body: @Sendable (_ baseURL: String) async throws -> R) async throws -> R {
        let (addresses, continuation) = AsyncStream<String>.makeStream()
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    .init(service: DoubleService(double: self, onListening: { continuation.yield($0) }))
                ], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await group.run()
            }
            var address: String?
            for await found in addresses {
                address = found
                break
            }
            guard let address else {
                try await tasks.waitForAll()
                throw CancellationError()
            }
            do {
                let result = try await body(address)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                try? await tasks.waitForAll()
                throw error
            }
        }
    }
}

private struct DoubleService: Service {
    let double: ForgeDouble
    let onListening: @Sendable (String) -> Void

    func run() async throws { try await double.run { onListening($0) } }
}
