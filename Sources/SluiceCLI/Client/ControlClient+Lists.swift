import DesiredState

extension ControlClient {
    /// All pages of a list, as one document of the same shape; at most `limit` elements.
    func list(
        _ path: [String], _ query: [(String, String?)] = [], limit: Int = 10_000
    ) async throws -> JSONValue {
        var items: [JSONValue] = []
        var cursor: String?
        repeat {
            let page = min(500, limit - items.count)
            let reply = try await get(path, query + [("limit", String(page)), ("cursor", cursor)]).body
            items += reply["items"]?.array ?? []
            cursor = reply["nextCursor"]?.string
        } while cursor != nil && items.count < limit
        return ["items": .array(items), "nextCursor": cursor.map { .string($0) } ?? .null]
    }
}
