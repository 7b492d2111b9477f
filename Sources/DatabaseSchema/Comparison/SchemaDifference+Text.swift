extension SchemaDifference {
    /// The changes as lines for people: `+ table public.land`, `~ column public.land.area: type: integer → bigint`.
    ///
    /// Parts of a relation that came are indented below it; parts of one that went are left out.
    ///
    /// - Parameters:
    ///   - limit: the most lines; when there are more, the last line says how many.
    ///   - width: the most characters of one value.
    public func lines(limit: Int = .max, width: Int = 160) -> [String] {
        let parts = Dictionary(grouping: changes.filter(\.isImplied), by: \.identity.name.parent)
        var lines: [String] = []
        for change in changes where !change.isImplied {
            lines += change.lines(name: SchemaText.name(change.identity), width: width)
            // The columns of a view follow from its query.
            guard change.operation == .added, change.identity.kind == .table else { continue }
            for part in change.inOrder(parts[change.identity.name] ?? []) where part.operation == .added {
                lines += part.lines(name: SchemaText.quoted(part.identity.name.own), width: width).map { "  " + $0 }
            }
        }
        for hint in renameHints {
            let before = SchemaText.name(.init(kind: hint.kind, name: hint.before))
            let after = SchemaText.name(.init(kind: hint.kind, name: hint.after))
            lines.append("? \(hint.kind.rawValue) \(before) may have been renamed to \(after)")
        }
        guard lines.count > limit else { return lines }
        return lines.prefix(max(0, limit - 1)) + ["… and \(lines.count - max(0, limit - 1)) more lines"]
    }
}

extension SchemaChange {
    /// The parts of an added table: its columns as they stand there, then the rest.
    fileprivate func inOrder(_ parts: [SchemaChange]) -> [SchemaChange] {
        guard case .list(let columns)? = attributes.first(where: { $0.attribute == .columns })?.after else {
            return parts
        }
        let places = Dictionary(zip(columns, 0...), uniquingKeysWith: { first, _ in first })
        return parts.enumerated().map { place, part in
            let isColumn = part.identity.kind == .column
            return (isColumn ? places[ExactText(part.identity.name.own)] ?? place : columns.count + place, part)
        }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    fileprivate func lines(name: String, width: Int) -> [String] {
        let name = "\(identity.kind.rawValue) \(name)"
        switch operation {
        case .removed: return ["- \(name)"]
        case .added:
            let told = attributes.filter { change in
                // A constraint's definition says its type.
                Self.toldOfAdded.contains(change.attribute)
                    && !(change.attribute == .type && identity.kind == .constraint)
            }.map { change in
                switch change.attribute {
                case .type, .definition, .labels, .fields, .base: SchemaText.value(change.after, length: width)
                case .notNull: "not null"
                default: "\(change.attribute.rawValue) \(SchemaText.value(change.after, length: width))"
                }
            }
            return ["+ \(name)" + (told.isEmpty ? "" : ": " + told.joined(separator: ", "))]
        case .changed:
            return attributes.map { change in
                let before = SchemaText.value(change.before, length: width)
                let after = SchemaText.value(change.after, length: width)
                return "~ \(name): \(change.attribute.rawValue): \(before) → \(after)"
            }
        }
    }

    /// What is worth saying of an object that is new; the rest is in the full difference.
    private static let toldOfAdded: Set<SchemaAttribute> = [
        .type, .notNull, .default, .generated, .identity, .definition, .labels, .fields, .base, .result, .invalid,
        .notValidated, .partitionBound, .inherits,
    ]
}
