import DesiredState
import Foundation
import PostgresClient

/// How the columns of the store's tables are read.
extension PostgresRow {
    func key(_ kind: String = "kind", _ name: String = "name") throws -> ResourceKey {
        ResourceKey(kind: try string(kind), name: try string(name))
    }

    func json(_ column: String) throws -> JSONValue { try JSONValue(parsing: string(column)) }

    /// A word of one of the store's own vocabularies.
    func word<Word: RawRepresentable>(_ column: String, as type: Word.Type = Word.self) throws -> Word
    where Word.RawValue == String {
        let text = try string(column)
        guard let word = Word(rawValue: text) else {
            throw StateStoreError.unreadable(column: column, value: text)
        }
        return word
    }

    func recordedError() throws -> RecordedError? {
        guard let code = try optionalString("error_code") else { return nil }
        return RecordedError(
            code: code, message: try optionalString("error_message") ?? "", detail: try optionalString("error_detail"))
    }
}
