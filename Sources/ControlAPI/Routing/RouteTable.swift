import Foundation

/// Every route there is. Dispatch and description both read this one table, so they cannot drift apart.
struct RouteTable: Sendable {
    /// What the table says to a request.
    enum Match {
        /// The route, and what its parameters stand for.
        case route(Route, [String: [String]])
        /// The path is known, but not with this method; those that are.
        case otherMethods([Route.Method])
        /// Nothing of this shape is known.
        case nothing
    }

    let routes: [Route]

    /// All routes, answered by the services.
    static func all(
        _ services: ControlServices, receiver: WebhookReceiver, now: @escaping @Sendable () -> Date = { Date() }
    ) -> RouteTable {
        let answering =
            VersionRoutes(services).routes + RunRoutes(services.runs).routes
            + RetentionRoutes(services.retention).routes + TransactionRoutes(services.runs).routes
            + ResourceRoutes(services).routes
            + SchemaChangeRoutes(services.schemaChanges).routes + CleanupRoutes(services.cleanups).routes
            + EventRoutes(services.events).routes + ConfigurationRoutes(services).routes
            + DeliveryRoutes(services.deliveries).routes + NoticeRoutes(services.notices).routes
            + WebhookRoutes(receiver).routes
            + HostRoutes(services.hosts).routes + ReleaseRoutes(services).routes
            + UpstreamRoutes(services).routes + MetricsRoutes(services.metrics).routes
            + AccessRoutes().routes + TokenRoutes(services.tokens, now: now).routes + AuditRoutes(services.audit).routes
            + HealthRoutes(services.readiness).routes + DoctorRoutes(services.doctor).routes
        // What speaks no JSON by its own word is described on a page of its own.
        let tracking = services.tracking.map { TrackingRoutes($0).routes } ?? []
        return RouteTable(routes: answering + tracking + [OpenAPIDocument.route(describing: answering)])
    }

    /// The surface that a path without a route would belong to.
    func surface(ofPath path: String) -> Route.Surface {
        let surface = Route.Surface(ofPath: path)
        return surface == .tracking && !routes.contains { $0.surface == .tracking } ? .control : surface
    }

    /// The first route of the shape and method. `HEAD` is answered wherever `GET` is.
    func match(_ method: String, _ segments: [String]) -> Match {
        let wanted = method == "HEAD" ? "GET" : method
        var others: [Route.Method] = []
        for route in routes {
            guard let parameters = route.pattern.match(segments) else { continue }
            if route.method.rawValue == wanted { return .route(route, parameters) }
            if !others.contains(route.method) { others.append(route.method) }
        }
        return others.isEmpty ? .nothing : .otherMethods(others)
    }
}
