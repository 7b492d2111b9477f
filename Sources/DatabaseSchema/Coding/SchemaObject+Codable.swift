extension SchemaObject.Identity: Codable {
    /// Reads `kind` and the parts of the name.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: SchemaKey.self)
        let kind = try values.decode(SchemaObjectKind.self, forKey: .kind)
        self.init(
            kind: kind,
            name: SchemaName(try kind.nameParts.map { try values.decode(String.self, forKey: SchemaKey($0)) }))
    }

    /// Writes `kind` and the parts of the name under `schema`, `relation`, `name` and `parameters`.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: SchemaKey.self)
        try values.encode(kind, forKey: .kind)
        for (key, part) in zip(kind.nameParts, name.parts) { try values.encode(part.text, forKey: SchemaKey(key)) }
    }
}

extension SchemaObject: Codable {
    /// Reads an object; a key that is neither a part of its name nor an attribute is an error.
    public init(from decoder: any Decoder) throws {
        let identity = try Identity(from: decoder)
        let values = try decoder.container(keyedBy: SchemaKey.self)
        var attributes: [SchemaAttribute: SchemaValue] = [:]
        let naming = Set(identity.kind.nameParts + [SchemaKey.kind.stringValue])
        for key in values.allKeys where !naming.contains(key.stringValue) {
            guard let attribute = SchemaAttribute(rawValue: key.stringValue) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values, debugDescription: "not an attribute of a schema's object")
            }
            attributes[attribute] = try values.decode(SchemaValue.self, forKey: key)
        }
        self.init(identity.kind, identity.name, attributes)
    }

    /// Writes kind and name, and each attribute under its own name.
    public func encode(to encoder: any Encoder) throws {
        try identity.encode(to: encoder)
        var values = encoder.container(keyedBy: SchemaKey.self)
        for (attribute, value) in attributes { try values.encode(value, forKey: SchemaKey(attribute.rawValue)) }
    }
}
