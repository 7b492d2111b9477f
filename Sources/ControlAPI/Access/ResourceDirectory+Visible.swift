import DesiredState
import StateStore

extension ResourceDirectory {
    /// Objects of a kind that a caller may see, in the order of their names, those after `name` when one is given.
    ///
    /// Others are passed over, so that a page ends with an object that the caller knows of: where the next one begins tells
    /// nothing of what lies between.
    func visible(to caller: Caller, kind: String, after name: String?, limit: Int) async throws -> [StoredResource] {
        var found: [StoredResource] = []
        var last = name
        while found.count < limit {
            let read = try await resources(kind: kind, after: last, limit: PageRequest.maximumLimit)
            found += read.filter { caller.sees($0.key) }
            guard read.count == PageRequest.maximumLimit else { break }
            last = read.last?.key.name
        }
        return Array(found.prefix(limit))
    }

    /// The page of a kind's objects that a call asks for.
    func page(of kind: String, for call: Call) async throws -> Answer {
        let limit = try Paging.limit(call)
        let found = try await visible(to: call.caller, kind: kind, after: call.value("cursor"), limit: limit + 1)
        let page = found.prefix(limit)
        return Answer([
            "items": .array(page.map(ResourceBody.body)),
            "nextCursor": .optional(found.count > limit ? page.last?.key.name : nil),
        ])
    }
}
