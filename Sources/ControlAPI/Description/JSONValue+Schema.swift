import DesiredState

/// The words of JSON Schema in which answers are described.
extension JSONValue {
    static let text: JSONValue = ["type": "string"]
    static let texts: JSONValue = ["type": "array", "items": text]
    static let textOrNull: JSONValue = ["type": ["string", "null"]]
    static let time: JSONValue = ["type": "string", "format": "date-time"]
    static let timeOrNull: JSONValue = ["type": ["string", "null"], "format": "date-time"]
    static let whole: JSONValue = ["type": "integer"]
    static let wholeOrNull: JSONValue = ["type": ["integer", "null"]]

    /// A named schema.
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    /// A list of a named schema.
    static func list(_ name: String) -> JSONValue { ["type": "array", "items": reference(name)] }

    /// An object with keys of any name and values of a named schema.
    static func map(_ name: String) -> JSONValue { ["type": "object", "additionalProperties": reference(name)] }

    /// An object with exactly these keys; those that are optional may be missing.
    static func record(_ members: [String: JSONValue], optional: [String: JSONValue] = [:]) -> JSONValue {
        [
            "type": "object", "additionalProperties": false,
            "required": .array(members.keys.sorted().map { .string($0) }),
            "properties": .object(members.merging(optional) { required, _ in required }),
        ]
    }

    /// A page of a list of a named schema.
    static func page(_ name: String) -> JSONValue {
        record(["items": list(name), "nextCursor": textOrNull])
    }

    /// One of some words.
    static func words(_ words: some Sequence<String>) -> JSONValue { ["enum": .array(words.map { .string($0) })] }
}
