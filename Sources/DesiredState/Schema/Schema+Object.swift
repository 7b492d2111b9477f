import Diagnostics

extension Schema {
    /// A mapping with known keys. Any other key is a mistake.
    static func object<each Member: Sendable>(
        _ fields: repeat Field<Value, each Member>, make: @escaping @Sendable (repeat each Member) -> Value
    ) -> Schema {
        var names: [String] = []
        var required: [JSONValue] = []
        var properties: [String: JSONValue] = [:]
        for field in repeat each fields {
            names.append(field.name)
            properties[field.name] = field.description
            if field.isRequired { required.append(.string(field.name)) }
        }
        let keys = names
        return Schema(
            description: [
                "type": "object", "additionalProperties": false, "properties": .object(properties),
                "required": .array(required),
            ],
            read: { node, findings in
                guard let members = members(of: node, &findings) else { return nil }
                var isComplete = true
                for member in members where !keys.contains(member.key) {
                    isComplete = false
                    findings.reportUnknownKey(member, known: keys)
                }
                let values = (repeat (each fields).read(node[(each fields).name], node, &findings))
                do {
                    let object = try make(repeat present(each values))
                    return isComplete ? object : nil
                } catch {
                    return nil
                }
            },
            write: { object in
                var members: [String: JSONValue] = [:]
                for field in repeat each fields {
                    members[field.name] = field.write(field.value(object))
                }
                return .object(members)
            })
    }
}

/// A member that could not be read; the mistake is reported already.
private struct UnreadableMember: Error {}

private func present<Member>(_ member: Member?) throws(UnreadableMember) -> Member {
    guard let member else { throw UnreadableMember() }
    return member
}

extension Findings {
    /// Notes a key that is not known, with the one that was probably meant or all that there are.
    mutating func reportUnknownKey(_ member: SourceNode.Member, known: [String]) {
        within(.key(member.key)) { findings in
            let hint =
                if let nearest = Suggestion.nearest(to: member.key, in: known) {
                    "did you mean \"\(nearest)\"?"
                } else {
                    "known keys: \(known.joined(separator: ", "))"
                }
            findings.report(.unknownKey, at: member.keyLocation, "unknown key", hint: hint)
        }
    }
}
