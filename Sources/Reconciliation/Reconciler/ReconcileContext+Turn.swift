import Diagnostics
import Logging
import StateStore

extension ReconcileContext {
    /// Has an effect where one pass may act at a time, of all replicas. The turn ends with the effect, or with the lease of a
    /// process that died.
    ///
    /// - Parameter place: What is acted on; the same name means the same place.
    /// - Returns: What `body` returns; nil, with nothing done, when it is another pass's turn.
    public func inTurn<Result>(at place: String, _ body: () async throws -> Result) async throws -> Result? {
        try life.check()
        guard try await store.turns.take(place, under: lease) else { return nil }
        do {
            let result = try await body()
            await giveBack(place)
            return result
        } catch {
            await giveBack(place)
            throw error
        }
    }

    /// Gives the turn back, also when the pass was told to stop. One that cannot be given back ends with the lease.
    private func giveBack(_ place: String) async {
        do {
            try life.check()
            try await Task { try await store.turns.giveBack(place, under: lease) }.value
        } catch  where !(error is SimulatedCrash) {
            logger.warning("the turn at \(place) could not be given back: \(SluiceError(wrapping: error))")
        } catch {}
    }
}
