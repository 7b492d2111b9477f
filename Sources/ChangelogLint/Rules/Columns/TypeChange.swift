import SQLSyntax

/// What a change of a column's type means for the rows that exist.
struct TypeChange {
    /// The table is written anew.
    let rewrites: Bool
    /// Values may be lost or refused.
    let narrows: Bool

    /// Judges a change; an unknown old type, or a conversion of the author's own, is taken for a rewrite.
    init(from old: TypeName?, to new: TypeName, hasConversion: Bool) {
        guard let old else {
            self.init(rewrites: true, narrows: false)
            return
        }
        let isKept = !hasConversion && Self.isKept(old, new)
        self.init(rewrites: !isKept, narrows: !isKept && !Self.holdsAll(of: old, new))
    }

    private init(rewrites: Bool, narrows: Bool) {
        self.rewrites = rewrites
        self.narrows = narrows
    }

    private static let limited: Set<String> = ["varchar", "varbit", "time", "timetz", "timestamp", "timestamptz"]
    private static let texts: Set<String> = ["text", "varchar"]

    /// Whether PostgreSQL leaves the rows as they are.
    private static func isKept(_ old: TypeName, _ new: TypeName) -> Bool {
        guard old.isArray == new.isArray else { return false }
        let (before, after) = (old.name.name, new.name.name)
        guard old.name != new.name else {
            if old.modifiers == new.modifiers { return true }
            if limited.contains(after) { return widens(old, new) }
            if after == "numeric" {
                guard let precision = new.modifiers.first else { return true }
                guard let former = old.modifiers.first else { return false }
                return precision >= former && scale(old) == scale(new)
            }
            return false
        }
        if texts.contains(before), texts.contains(after) { return new.modifiers.isEmpty }
        return before == "cidr" && after == "inet"
    }

    /// Whether every value of the old type is one of the new.
    private static func holdsAll(of old: TypeName, _ new: TypeName) -> Bool {
        guard old.isArray == new.isArray else { return false }
        let (before, after) = (old.name.name, new.name.name)
        if after == "text" || (after == "varchar" && new.modifiers.isEmpty) { return true }
        if old.name == new.name {
            if after == "numeric" {
                guard let precision = new.modifiers.first else { return true }
                guard let former = old.modifiers.first else { return false }
                return scale(new) >= scale(old) && precision - scale(new) >= former - scale(old)
            }
            return widens(old, new)
        }
        if after == "varchar", before == "bpchar" { return widens(old, new) }
        let ladders = [
            ["int2", "int4", "int8", "numeric"], ["float4", "float8"], ["date", "timestamp", "timestamptz"],
        ]
        return ladders.contains { ladder in
            guard let from = ladder.firstIndex(of: before), let to = ladder.firstIndex(of: after) else { return false }
            return from < to && new.modifiers.isEmpty
        }
    }

    /// Whether the one number of the new type is none or not less.
    private static func widens(_ old: TypeName, _ new: TypeName) -> Bool {
        guard let limit = new.modifiers.first else { return true }
        return old.modifiers.first.map { $0 <= limit } ?? false
    }

    private static func scale(_ type: TypeName) -> Int { type.modifiers.dropFirst().first ?? 0 }
}
