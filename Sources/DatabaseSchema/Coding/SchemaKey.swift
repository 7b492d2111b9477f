/// A key of an object in JSON: a part of its name, or an attribute.
struct SchemaKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ key: String) { stringValue = key }
    init(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }

    static let kind = SchemaKey("kind")
}
