public import GitClient

/// The names of everything that the gate makes on a database server: deterministic, so that a crashed run finds its own
/// work again, and valid for any candidate id that a forge may hand out.
///
/// Names that people use are readable (`registry-dev-1042`). Names that only Sluice uses begin with a prefix that holds a
/// digest of installation and registry, so that one registry's sweep can never take another's database for its own.
public struct DatabaseNames: Sendable, Hashable {
    /// PostgreSQL cuts identifiers here, silently: two long names would become one.
    static let maximumBytes = 63

    private let prefix: String
    private let instance: String
    private let registry: String

    /// Names for one registry of one installation; `prefix` begins the names that people see.
    public init(instance: String, registry: String, prefix: String) {
        self.instance = instance
        self.registry = registry
        self.prefix = prefix
    }

    /// The prefix of every name that only Sluice uses for this registry.
    public var privatePrefix: String { "sluice-\(Self.digest([instance, registry], length: 10))-" }

    /// The database that people read: the id itself where PostgreSQL and people can stand it, else a readable part of it,
    /// a dot (which no plain id has) and a digest of the whole.
    public func published(_ candidate: String) -> String {
        if Self.isPlain(candidate), prefix.utf8.count + candidate.utf8.count <= Self.maximumBytes {
            return prefix + candidate
        }
        let tail = "." + Self.digest([candidate], length: 12)
        let room = max(0, Self.maximumBytes - prefix.utf8.count - tail.utf8.count)
        return prefix + Self.slug(candidate, maximumBytes: room) + tail
    }

    /// The database in which a candidate's next content is built before anyone may see it.
    public func build(_ candidate: String) -> String { privatePrefix + "build-" + Self.digest([candidate], length: 16) }

    /// A failed build that is kept for a while.
    public func failed(_ candidate: String) -> String {
        privatePrefix + "failed-" + Self.digest([candidate], length: 16)
    }

    /// Where the former database goes in the moment in which its successor takes its name.
    public func retired(_ candidate: String) -> String { privatePrefix + "old-" + Self.digest([candidate], length: 16) }

    /// The database in which people read the tables of the target branch. No candidate gets this name.
    public var master: String { prefix + Self.masterWord }

    /// Where the next content of ``master`` is made.
    public var masterBuild: String { privatePrefix + "masterbuild" }

    /// Where the former ``master`` waits to be dropped.
    public var masterRetired: String { privatePrefix + "masterold" }

    private static let masterWord = "master"

    /// The sealed template that holds master's changelog as of one base.
    public func baseTemplate(_ key: ContentKey) -> String { privatePrefix + "base-" + key.short }

    /// A clone of a template from which its schema is read; another one each time.
    func schemaCopy() -> String { privatePrefix + "schema-" + String(UInt64.random(in: .min ... .max), radix: 36) }

    /// The template while it is being made.
    public func baseBuild(_ base: ObjectID) -> String { privatePrefix + "basebuild-" + base.hex.prefix(16) }

    /// The login under which a candidate's changelog runs.
    public func login(_ candidate: String) -> String { privatePrefix + "login-" + Self.digest([candidate], length: 16) }

    /// The login under which master's changelog runs for one base.
    public func baseLogin(_ base: ObjectID) -> String { privatePrefix + "baselogin-" + base.hex.prefix(16) }

    /// The role that owns what changelogs create; nobody can log in with it.
    public var owner: String { privatePrefix + "owner" }

    /// Whether an id can stand in a database name as it is: lower-case letters, digits, `-` and `_`, beginning with a
    /// letter or digit, and not the word that names the target branch's own database. Upper case is not plain: `A` and `a` are too easily taken for one.
    static func isPlain(_ id: String) -> Bool {
        guard let first = id.utf8.first, isPlain(first), id != masterWord else { return false }
        return id.utf8.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func slug(_ id: String, maximumBytes: Int) -> String {
        var bytes: [UInt8] = []
        for byte in id.lowercased().utf8 where bytes.count < maximumBytes {
            if isPlain(byte) {
                bytes.append(byte)
            } else if let last = bytes.last, last != UInt8(ascii: "-") {
                bytes.append(UInt8(ascii: "-"))
            }
        }
        while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `length` hexadecimal digits over the parts, each part told apart from its neighbours by its length.
    static func digest(_ parts: [String], length: Int) -> String {
        ContentKey.Hasher.digest(of: parts, length: length)
    }
}
