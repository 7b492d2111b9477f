public import DesiredState
public import ReleasePromotion

/// Takes what people ask of releases. There is no other way in: whoever may do what is decided behind it.
public protocol ReleaseRequests: Sendable {
    /// Takes a new release in, as a draft.
    ///
    /// - Parameters:
    ///   - spec: The release as its manifest has it below `spec`.
    ///   - actor: Who submits it.
    /// - Returns: The pass that will look at it.
    func submit(_ name: String, _ spec: JSONValue, by actor: String) async throws -> Int64

    /// Does what somebody asks of a release.
    /// - Returns: The pass that will answer.
    func ask(_ command: ReleaseCommand, of name: String, by actor: String) async throws -> Int64
}
