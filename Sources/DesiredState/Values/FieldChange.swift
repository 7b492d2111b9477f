/// One value of a document that is another one than before.
public struct FieldChange: Hashable, Sendable, Codable {
    /// Where it stands, such as `spec.limits.deadline` or `spec.changelogs[1].path`.
    public let path: String
    /// What stood there; nil when nothing did.
    public let before: JSONValue?
    /// What stands there now; nil when nothing does.
    public let after: JSONValue?

    /// Makes a change.
    public init(_ path: String, from before: JSONValue?, to after: JSONValue?) {
        self.path = path
        self.before = before
        self.after = after
    }
}

extension JSONValue {
    /// What is another value in `other`, by path. Lists of the same length are compared element by element, others as
    /// a whole.
    public func changes(to other: JSONValue, at path: String = "") -> [FieldChange] {
        // Documents come from readers that limit depth, so the recursion is limited as well.
        switch (self, other) {
        case (.object(let old), .object(let new)):
            return Set(old.keys).union(new.keys).sorted().flatMap { key -> [FieldChange] in
                let place = path.isEmpty ? key : "\(path).\(key)"
                switch (old[key], new[key]) {
                case (let before?, let after?): return before.changes(to: after, at: place)
                case (let before, let after): return [FieldChange(place, from: before, to: after)]
                }
            }
        case (.array(let old), .array(let new)) where old.count == new.count:
            return zip(old, new).enumerated().flatMap { index, pair in
                pair.0.changes(to: pair.1, at: "\(path)[\(index)]")
            }
        default: return self == other ? [] : [FieldChange(path, from: self, to: other)]
        }
    }
}
