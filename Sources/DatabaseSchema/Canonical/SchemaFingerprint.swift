import Crypto
import Diagnostics

/// A digest of a schema that does not depend on the server's version, on ids, owners or the order in which objects were
/// made: two databases have the same one when no object differs in its canonical form.
///
/// It is SHA-256 over the objects in order of kind and name, each as kind, name and attributes in order of their names,
/// every text preceded by its length in bytes.
public struct SchemaFingerprint: Hashable, Sendable, CustomStringConvertible {
    /// 64 hexadecimal digits.
    public let hex: String
    /// The digits.
    public var description: String { hex }

    /// Takes the fingerprint of a snapshot.
    public init(of snapshot: SchemaSnapshot) {
        self.init(of: snapshot.objects.map(\.canonical))
    }

    init(of objects: [SchemaObject]) {
        var digest = Digest()
        digest.add("sluice-schema-1")
        digest.add(objects.count)
        for object in objects {
            digest.add(object.kind.rawValue)
            digest.add(object.name.parts)
            digest.add(object.attributes.count)
            for (attribute, value) in object.attributes.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                digest.add(attribute.rawValue)
                switch value {
                case .text(let text): digest.add([text])
                case .list(let texts): digest.add(texts)
                case .flag: digest.add(0)
                }
            }
        }
        hex = digest.hex
    }

    private struct Digest {
        private var hash = SHA256()

        mutating func add(_ number: Int) {
            withUnsafeBytes(of: UInt64(clamping: number).bigEndian) { hash.update(bufferPointer: $0) }
        }

        mutating func add(_ text: String) {
            add(text.utf8.count)
            hash.update(data: Array(text.utf8))
        }

        mutating func add(_ texts: [ExactText]) {
            add(texts.count)
            for text in texts { add(text.text) }
        }

        var hex: String { hash.finalize().hexadecimal }
    }
}
