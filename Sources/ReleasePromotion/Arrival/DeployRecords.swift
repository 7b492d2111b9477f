public import DesiredState

/// The way to r10k's records of deploys, which lie on other machines or on this one. The composition implements it.
public protocol DeployRecords: Sendable {
    /// The bytes of a record; nil when there is none, as before a first deploy.
    ///
    /// - Parameter limit: The most bytes; more is an error.
    /// - Throws: Any `SluiceError`: a record that cannot be read proves nothing, and says why.
    func read(_ place: ArrivalProof.Place, limit: Int) async throws -> [UInt8]?
}
