public import Diagnostics

/// A registry's reference databases on several servers. A server whose reference differs takes no candidates: its verdicts
/// would be others.
public struct ReferenceStructures: Sendable {
    /// The registry.
    public var registry: String
    /// Their name.
    public var database: String
    /// The registry's own server, whose reference the others must be like.
    public var own: String
    /// Digests of their structures, by server, where one is there.
    public var structures: [String: Result<String, SluiceError>]

    /// Makes them.
    public init(registry: String, database: String, own: String, structures: [String: Result<String, SluiceError>]) {
        self.registry = registry
        self.database = database
        self.own = own
        self.structures = structures
    }

    /// What is found of them: one finding for each trouble, or one that there is none.
    public var findings: [Finding] {
        let (check, subject) = ("registry.reference", "Registry/\(registry)")
        let read = structures.compactMapValues { try? $0.get() }
        let others = structures.sorted { $0.key < $1.key }
        let unread = others.compactMap { server, structure -> Finding? in
            guard case .failure(let error) = structure else { return nil }
            return .failed(
                check, of: subject, error, fix: "see that the administrator of \(server) may read \(database)")
        }
        guard let standard = read[own] else {
            guard unread.isEmpty else { return unread }
            return [.notChecked(check, of: subject, "nothing to compare \(database) with: it was not read on \(own)")]
        }
        let different = others.filter { server, _ in read[server].map { $0 != standard } ?? false }.map { server, _ in
            Finding.failed(
                check, of: subject,
                "\(database) on \(server) has another structure than on \(own), so that \(server) takes no candidates",
                fix: "bring it there anew, as docs/how-to/spread-candidates.md says")
        }
        guard unread.isEmpty, different.isEmpty else { return unread + different }
        return [.ok(check, of: subject, "\(database) is the same on \(read.keys.sorted().joined(separator: ", "))")]
    }
}
