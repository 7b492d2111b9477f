/// One request that a host understands.
package struct DoubleRoute: Sendable {
    package typealias Handler = @Sendable (isolated ForgeWorld, Call) async throws -> Reply

    let method: String
    let pattern: PathPattern
    let handle: Handler

    static func get(_ pattern: String, _ handle: @escaping Handler) -> DoubleRoute {
        DoubleRoute(method: "GET", pattern: PathPattern(pattern), handle: handle)
    }

    static func post(_ pattern: String, _ handle: @escaping Handler) -> DoubleRoute {
        DoubleRoute(method: "POST", pattern: PathPattern(pattern), handle: handle)
    }

    static func put(_ pattern: String, _ handle: @escaping Handler) -> DoubleRoute {
        DoubleRoute(method: "PUT", pattern: PathPattern(pattern), handle: handle)
    }

    static func patch(_ pattern: String, _ handle: @escaping Handler) -> DoubleRoute {
        DoubleRoute(method: "PATCH", pattern: PathPattern(pattern), handle: handle)
    }

    static func delete(_ pattern: String, _ handle: @escaping Handler) -> DoubleRoute {
        DoubleRoute(method: "DELETE", pattern: PathPattern(pattern), handle: handle)
    }
}
