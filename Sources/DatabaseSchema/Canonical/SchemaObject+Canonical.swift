import Diagnostics

extension SchemaObject {
    /// The object in a form that does not depend on the server's version: see ``CanonicalSQL``.
    ///
    /// An extension's version is left out, as each server brings its own; and of rights on a table `MAINTAIN`, which came
    /// with version 17 and is part of `ALL` since.
    var canonical: SchemaObject {
        var result: [SchemaAttribute: SchemaValue] = [:]
        for (attribute, value) in attributes {
            switch attribute {
            case .version where kind == .extension: continue
            case .definition where kind == .view || kind == .materializedView:
                result[attribute] = value.mapTexts(CanonicalSQL.view)
            case .grants: result[attribute] = value.mapTexts(Self.withoutMaintain)
            case .body where attributes[.bodyDigest] != nil: continue
            case _ where attribute.isDeparsed: result[attribute] = value.mapTexts(CanonicalSQL.expression)
            default: result[attribute] = value
            }
        }
        return SchemaObject(kind, name, result)
    }

    /// Takes `MAINTAIN` off a text such as `reader: DELETE, …, UPDATE` that has every other right on tables too.
    private static func withoutMaintain(_ grant: String) -> String {
        let rights = grant.parts(between: ", ")
        func names(_ right: Substring, _ name: String) -> Bool {
            right == name || right == name + " WITH GRANT OPTION"
        }
        let others = ["INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"]
        guard others.allSatisfy({ name in rights.contains { names($0, name) } }) else { return grant }
        return rights.filter { !names($0, "MAINTAIN") }.joined(separator: ", ")
    }
}
