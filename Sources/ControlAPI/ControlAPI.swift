import AccessControl
public import Foundation
public import Hummingbird
public import Logging

/// The controller's HTTP face: what the registry platform's clients ask for (`/versions/…`), the control interface
/// (`/api/v1/…`), hooks that wake the controller, and health.
///
/// It translates requests into questions to a few small protocols of its own (``ControlServices``) and their answers into
/// JSON. It must not know how a question is answered: no SQL, no git, no forge. One table of routes (`RouteTable`) says
/// which requests there are; dispatch, access, limits and the OpenAPI description all follow from it.
public struct ControlAPI: Sendable {
    private let configuration: ControlAPIConfiguration
    private let responder: ControlResponder
    private let logger: Logger

    /// Makes the interface over the services that answer.
    /// - Parameters:
    ///   - now: The time, against which signed times of webhooks are held.
    ///   - observer: Told of every request that was answered. Must not block.
    public init(
        configuration: ControlAPIConfiguration, services: ControlServices, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() },
        observer: @escaping @Sendable (AnsweredRequest) -> Void = { _ in }
    ) {
        self.configuration = configuration
        let receiver = WebhookReceiver(
            sources: services.webhooks, inbox: services.inbox,
            limits: .init(rate: configuration.webhookRate, burst: 5 * configuration.webhookRate), now: now,
            logger: logger)
        self.responder = ControlResponder(
            routes: .all(services, receiver: receiver, now: now),
            access: AccessPolicy(
                authenticator: Authenticator(configuration.authentication, now: now),
                isPersonal: !configuration.requiresAuthentication && LoopbackHost.matches(configuration.host),
                directory: services.access),
            audit: AuditTrail(services.audit, now: now),
            clients: ClientAddress(trustedProxies: configuration.trustedProxies),
            observer: observer)
        self.logger = logger
    }

    /// The server, as a service that runs until a graceful shutdown.
    ///
    /// - Parameter onListening: Told the port once connections are accepted.
    public func server(
        onListening: @escaping @Sendable (_ port: Int?) async -> Void = { _ in }
    ) -> some ApplicationProtocol {
        Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard()], idleTimeout: .seconds(75))),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { channel in await onListening(channel.localAddress?.port) }, logger: logger)
    }
}
