extension SchemaSnapshot {
    /// The objects as lines for people, parts of tables indented below them.
    ///
    /// - Parameter width: the most characters of one value.
    public func lines(width: Int = 160) -> [String] {
        let nothing = SchemaSnapshot(serverVersion: serverVersion, objects: [])
        return SchemaDifference(from: nothing, to: self).lines(width: width).map { line in
            let margin = line.prefix { $0 == " " }
            return String(margin + line.dropFirst(margin.count).trimmingPrefix("+ "))
        }
    }
}

extension SchemaObject {
    /// The schema that the object is, or stands in; nil for what belongs to the whole database.
    public var schema: String? {
        switch kind {
        case .eventTrigger: nil
        case .extension: if case .text(let home)? = attributes[.schema] { home.text } else { nil }
        default: name.outermost
        }
    }
}
