import Foundation

/// A document in which one member is not what it was.
public struct PayloadMutation: Sendable {
    /// Which member, and what became of it.
    public let name: String
    /// The document.
    public let text: String

    private static var strangers: [Any] {
        [
            NSNull(), true, 0, -1, Int.max, 1e300, "", "x", "\u{0}\u{202E}", String(repeating: "x", count: 5000),
            [Any](), [NSNull()], [String: Any](), ["number": "7"],
        ]
    }

    /// Every member removed, and replaced by something of each type, one at a time.
    public static func all(of document: String) throws -> [PayloadMutation] {
        let value = try JSONSerialization.jsonObject(with: Data(document.utf8))
        return try mutants(of: value, at: "").map { name, value in
            let bytes = try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys])
            return PayloadMutation(name: name, text: String(decoding: bytes, as: UTF8.self))
        }
    }

    private static func mutants(of value: Any, at path: String) -> [(name: String, value: Any)] {
        func others(than value: Any, at place: String) -> [(name: String, value: Any)] {
            strangers.enumerated().map { (name: "\(place) = stranger \($0)", value: $1) }
                + mutants(of: value, at: place)
        }
        if let members = value as? [String: Any] {
            return members.sorted { $0.key < $1.key }.flatMap { name, member -> [(name: String, value: Any)] in
                var removed = members
                removed[name] = nil
                return [(name: "without \(path)/\(name)", value: removed)]
                    + others(than: member, at: "\(path)/\(name)").map { mutant in
                        (name: mutant.name, value: members.merging([name: mutant.value]) { $1 })
                    }
            }
        }
        guard let elements = value as? [Any] else { return [] }
        return elements.enumerated().flatMap { index, element in
            others(than: element, at: "\(path)[\(index)]").map { mutant in
                var changed = elements
                changed[index] = mutant.value
                return (name: mutant.name, value: changed)
            }
        }
    }
}
