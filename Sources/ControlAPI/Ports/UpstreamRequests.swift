public import DesiredState
public import StateStore
public import UpstreamTracking

/// Takes what people ask of upstreams: orders, which their reconciler carries out, and changes of what is desired.
///
/// All throw `upstream.unknown` where there is no such upstream, and as `sluice apply` where what is desired changes.
public protocol UpstreamRequests: Sendable {
    /// Takes a new upstream in. Returns the pass that will look at it.
    /// - Parameter spec: The spec as its manifest has it below `spec`.
    func add(_ name: String, _ spec: JSONValue, by actor: String) async throws -> Int64

    /// Gives an order. Returns its number and the pass that will answer.
    func order(
        _ command: TrackingCommand, of name: String, by actor: String
    ) async throws -> (order: Int64, pass: Int64)

    /// Adds to what becomes no patch. Returns the pass that will look at it.
    func ignore(_ rules: IgnoreRules, of name: String, by actor: String) async throws -> Int64

    /// Takes an upstream out; its reconciler cleans up. Returns the pass that will.
    func remove(_ name: String, by actor: String) async throws -> Int64

    /// What was ordered, newest first.
    func orders(of name: String, page: PageRequest) async throws -> Page<Order>
}
