extension SchemaChange: Codable {
    private enum CodingKeys: String, CodingKey { case operation, implied, attributes }

    /// Reads a change.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            operation: try values.decode(Operation.self, forKey: .operation),
            identity: try SchemaObject.Identity(from: decoder),
            attributes: try values.decode([AttributeChange].self, forKey: .attributes),
            isImplied: try values.decodeIfPresent(Bool.self, forKey: .implied) ?? false)
    }

    /// Writes `operation`, kind and name, `attributes`, and `implied` where it is so.
    public func encode(to encoder: any Encoder) throws {
        try identity.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(operation, forKey: .operation)
        if isImplied { try values.encode(true, forKey: .implied) }
        try values.encode(attributes, forKey: .attributes)
    }
}

extension SchemaRenameHint: Codable {
    private enum CodingKeys: String, CodingKey { case before, after }

    /// Reads a hint.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let before = try values.decode(SchemaObject.Identity.self, forKey: .before)
        let after = try values.decode(SchemaObject.Identity.self, forKey: .after)
        self.init(kind: before.kind, before: before.name, after: after.name)
    }

    /// Writes both objects' kind and name.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(SchemaObject.Identity(kind: kind, name: before), forKey: .before)
        try values.encode(SchemaObject.Identity(kind: kind, name: after), forKey: .after)
    }
}

extension SchemaDifference: Codable {
    private enum CodingKeys: String, CodingKey { case isEqual = "equal", summary, counts, changes, renameHints }

    /// Reads a difference; its numbers are counted anew.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            changes: try values.decode([SchemaChange].self, forKey: .changes),
            renameHints: try values.decode([SchemaRenameHint].self, forKey: .renameHints))
    }

    /// Writes the changes with their numbers and a line that sums them up.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        let summary = SchemaSummary(self)
        try values.encode(isEmpty, forKey: .isEqual)
        try values.encode(summary.description, forKey: .summary)
        try values.encode(summary.counts, forKey: .counts)
        try values.encode(changes, forKey: .changes)
        try values.encode(renameHints, forKey: .renameHints)
    }
}
