import Changelog
import Diagnostics

/// Reading of names and values that go into the registries' SQL as they are written, without quotes around them.
extension ChangeDecoder {
    /// A name that must be there, of an object that the change makes.
    mutating func requiredName(_ field: String) -> String {
        let name = required(field)
        checkName(name)
        return name
    }

    /// A text that stands inside a string literal; required.
    mutating func requiredValue(_ field: String) -> String {
        let value = required(field)
        checkValue(value, in: field)
        return value
    }

    /// A text that stands inside a string literal.
    mutating func value(_ field: String) -> String? {
        let value = string(field)
        if let value { checkValue(value, in: field) }
        return value
    }

    /// Notes a name that PostgreSQL would cut or not take as it is.
    mutating func checkName(_ name: String, at location: SourceLocation? = nil) {
        guard !name.isEmpty else { return }
        if name.utf8.count > 63 {
            report("the name \"\(name)\" is longer than the 63 bytes that PostgreSQL keeps", at: location)
        }
        let isWord = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        if !isWord || name.utf8.first.map({ $0 <= UInt8(ascii: "9") }) == true {
            report(
                "\"\(name)\" is no name of a registry", at: location,
                hint: "latin letters, digits and underscores, beginning with a letter")
        }
    }

    /// Notes a quote that would end the literal around it. Authors double their quotes, because nobody does it for them.
    mutating func checkValue(_ value: String, in field: String, at location: SourceLocation? = nil) {
        guard value.replacingAll("''", with: "").utf8.contains(UInt8(ascii: "'")) else { return }
        report("'\(field)' has a single quote in it", at: location, hint: "write it twice: ''")
    }

    /// Notes that a type whose changesets are left out on the other database stands beside one that runs on both.
    mutating func requireAlone(among names: Set<String>) {
        guard let other = context.siblings.first(where: { !names.contains($0.name) }) else { return }
        report(
            "it shares its changeset with \(other.name), but search conditions stand in changesets of their own",
            hint: "move them to a changeset of their own")
    }
}
