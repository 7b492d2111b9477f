/// Judges conditions against the database and what is known of the update.
///
/// Its one effect, the query, is given to it; so it is tested without a database.
struct PreconditionJudge {
    /// The properties, names in lower case.
    var properties: [String: String]
    /// The user of the connection.
    var user: String
    /// Whether a changeset has run.
    var hasRun: (ChangeSet.Identity) -> Bool
    /// Asks the database: rows of values, as text.
    var query: (String) async throws -> [[String?]]

    /// A query of the author's did not give what can be judged.
    struct Unanswered: Error {
        let message: String
    }

    /// Why a condition does not hold; nil when it holds. Throws when it cannot be judged.
    func failure(of condition: Precondition) async throws -> String? {
        switch condition {
        case .and(let parts):
            for part in parts {
                if let failure = try await failure(of: part) { return failure }
            }
            return nil
        case .or(let parts):
            var failures: [String] = []
            for part in parts {
                guard let failure = try await failure(of: part) else { return nil }
                failures.append(failure)
            }
            return failures.isEmpty ? "Or precondition failed" : failures.joined(separator: "; ")
        case .not(let parts):
            for part in parts where try await failure(of: part) == nil { return "Not precondition failed" }
            return nil
        case .query(let question): return try await failure(of: question)
        case .executed(let identity): return hasRun(identity) ? nil : "Changeset '\(identity)' has not been run"
        case .property(let name, let value): return failure(of: name, value)
        case .user(let name):
            return name.lowercased() == user.lowercased()
                ? nil : "RunningAs Precondition failed: expected \(name), was \(user)"
        case .known(let holds, let failure): return holds ? nil : failure
        }
    }

    private func failure(of question: PreconditionQuery) async throws -> String? {
        let rows = try await query(question.sql)
        switch question.expectation {
        case .someRow: return rows.isEmpty ? question.failure : nil
        case .noRow: return rows.isEmpty ? nil : question.failure
        case .text(let expected):
            guard rows.count == 1, rows[0].count == 1 else {
                throw Unanswered(message: "the query of a sqlCheck gives \(Self.shape(of: rows)), expected one value")
            }
            guard let value = rows[0][0] else { return "No rows returned from SQL Precondition" }
            return value == expected ? nil : "\(question.failure) got '\(value.limited(to: 200))'"
        }
    }

    private static func shape(of rows: [[String?]]) -> String {
        rows.count == 1 ? "\(rows[0].count) columns" : "\(rows.count) rows"
    }

    private func failure(of property: String, _ expected: String?) -> String? {
        guard let value = properties[property.lowercased()] else {
            return "Changelog property '\(property)' was not set"
        }
        guard let expected, expected != value else { return nil }
        return "Expected changelog property '\(property)' to have a value of '\(expected)'.  Got '\(value)'"
    }
}
