extension SchemaValue: Codable {
    /// Reads a string, an array of strings, or `true`.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let texts = try? value.decode([String].self) {
            self = .list(texts)
        } else if (try? value.decode(Bool.self)) == true {
            self = .flag
        } else {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "a value is a string, an array of strings, or true")
        }
    }

    /// Writes a string, an array of strings, or `true`.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .text(let text): try value.encode(text.text)
        case .list(let texts): try value.encode(texts.map(\.text))
        case .flag: try value.encode(true)
        }
    }
}
