import PostgresClient

extension SQLStatement {
    /// The statements to send, once the catalogs have been asked what must be known of them.
    func texts(on connection: PostgresConnection, deadline: Duration?) async throws -> [String] {
        switch role {
        case .statement: return [text]
        case .message, .program: return []
        case .generator: return try await connection.execute(text, deadline: deadline).map { try $0.string(0) }
        case .typed(let typed):
            var types: [String: String] = [:]
            for row in try await connection.execute(typed.question, deadline: deadline) {
                types[try row.string(0)] = try row.string(1)
            }
            return try typed.texts(types: types)
        }
    }
}
