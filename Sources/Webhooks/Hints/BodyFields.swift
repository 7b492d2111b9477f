import Diagnostics
import Foundation

/// The members of an object in a body. A member that is missing, is of another type than was hoped for, or is out of
/// all proportion is not there: a body is a stranger's, and none of its shapes is an error. What is not asked for is
/// skipped, not built.
struct BodyFields {
    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
        init(_ name: String) { stringValue = name }
    }

    private let members: KeyedDecodingContainer<AnyKey>

    /// Throws when this is no object.
    init(_ decoder: any Decoder) throws { members = try decoder.container(keyedBy: AnyKey.self) }

    private init(members: KeyedDecodingContainer<AnyKey>) { self.members = members }

    /// An object in this one.
    func object(_ name: String) -> BodyFields? {
        (try? members.nestedContainer(keyedBy: AnyKey.self, forKey: AnyKey(name))).map(BodyFields.init(members:))
    }

    /// A text of one line and reasonable length that is not empty.
    func text(_ name: String) -> String? {
        guard let text = try? members.decode(String.self, forKey: AnyKey(name)), (1...1024).contains(text.utf8.count),
            !text.unicodeScalars.contains(where: \.isUnprintable)
        else { return nil }
        return text
    }

    /// The first of some members that is a text.
    func text(anyOf names: String...) -> String? {
        for name in names { if let text = text(name) { return text } }
        return nil
    }

    /// A whole number above zero, as text.
    func number(_ name: String) -> String? {
        guard let number = try? members.decode(Int64.self, forKey: AnyKey(name)), number > 0 else { return nil }
        return String(number)
    }

    /// The addresses that members hold.
    func addresses(_ names: String...) -> Set<RepositoryAddress> {
        Set(names.compactMap { text($0).flatMap { RepositoryAddress($0) } })
    }

    /// Reads a body as what a forge of some scheme sends; nil when it is no JSON object.
    static func read<Content: DecodableWithConfiguration>(
        _ body: [UInt8], as type: Content.Type, of configuration: Content.DecodingConfiguration
    ) -> Content? {
        try? JSONDecoder().decode(type, from: Data(body), configuration: configuration)
    }
}
