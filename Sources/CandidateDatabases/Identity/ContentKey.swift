public import ChangelogLint
import Crypto
public import DesiredState
import Diagnostics
public import GitClient

/// What a candidate's database is made of, as one digest: same key, same database.
///
/// "Has anything changed?" is answered by comparing keys and by nothing else. Asking the database whether its changelog
/// is applied misses removed changesets, reverted files, changed data files and a moved base; the key cannot.
public struct ContentKey: Hashable, Sendable, CustomStringConvertible {
    /// SHA-256 in 64 hexadecimal digits.
    public let rawValue: String

    /// A key that was written down before; nil unless it is 64 lower-case hexadecimal digits.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 64, rawValue.utf8.allSatisfy({ Self.digits.contains($0) }) else { return nil }
        self.rawValue = rawValue
    }

    private init(hasher: Hasher) { rawValue = hasher.finish(length: 64) }

    private static let digits = Set("0123456789abcdef".utf8)

    /// The first sixteen digits: enough to tell keys of one registry apart in names and texts.
    public var short: String { String(rawValue.prefix(16)) }

    /// The whole key.
    public var description: String { rawValue }
}

extension ContentKey {
    /// What else than file content decides about a database.
    public struct Circumstances: Sendable, Hashable {
        /// The version of the changelog engine: a better engine may build another database of the same files.
        public var engine: String
        /// The fingerprint of the reference database.
        public var reference: String
        /// The role that may read: the template's rights are made for it.
        public var reader: String
        /// The registry's changelogs with their contexts, labels and parameters, and the layout of the database.
        public var spec: String

        /// Circumstances of a registry. Every field of the spec that reaches the database is part of them.
        public init(engine: String, reference: String, reader: String, spec: RegistrySpec) {
            self.engine = engine
            self.reference = reference
            self.reader = reader
            place = [spec.server, spec.databasePrefix] + spec.watchedPaths
            lint = Hasher.text(of: spec.changelog.lint)
            self.spec = Self.text(of: spec)
        }

        /// All of it in sixteen digits: what is compared to find out whether it changed.
        public var digest: String { Hasher.digest(of: [engine, reference, reader, spec, lint] + place, length: 16) }

        /// Where databases are and what is looked at: no part of a key, but a candidate has to be looked at again.
        private let place: [String]
        /// What lint counts for: no part of a base template's key, but of a candidate's.
        private let lint: String

        private static func text(of spec: RegistrySpec) -> String {
            var parts = [spec.referenceDatabase]
            for changelog in spec.changelogs {
                parts += [changelog.path, changelog.contexts.joined(separator: ","), changelog.labels ?? ""]
                parts += changelog.parameters.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
                parts.append("")
                if let command = changelog.command { parts += text(of: command) }
            }
            let layout = spec.database
            parts += [layout.defaultSchema, layout.searchPath.joined(separator: ","), layout.liquibaseSchema]
            parts += [layout.changelogTable, layout.lockTable]
            return Hasher.digest(of: parts, length: 64)
        }

        private static func text(of command: MigrationCommandSpec) -> [String] {
            let arguments = command.arguments ?? []
            return ["command", command.preset?.rawValue ?? "", String(arguments.count)] + arguments
                + command.environment.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] } + [""]
        }
    }

    /// The key of the base template: the watched trees of one commit of the target branch under the circumstances.
    public static func base(trees: WatchedTrees, _ circumstances: Circumstances) -> ContentKey {
        var hasher = Hasher()
        hasher.add("base")
        hasher.add(circumstances)
        hasher.add(trees)
        return ContentKey(hasher: hasher)
    }

    /// The key of a candidate's database and of its verdict: its base template's key, its own watched trees, and what
    /// lint counts for.
    /// - Parameter merge: What a merge with the target branch has to say in the verdict; empty when it has nothing.
    public static func candidate(
        base: ContentKey, trees: WatchedTrees, lint: LintPolicy, merge: [String] = []
    ) -> ContentKey {
        var hasher = Hasher()
        hasher.add("candidate")
        hasher.add(base.rawValue)
        hasher.add(trees)
        hasher.add(Hasher.text(of: lint))
        for text in merge { hasher.add(text) }
        return ContentKey(hasher: hasher)
    }
}

/// The watched paths of a commit with the ids of what is there. Two equal values hold the same files.
public struct WatchedTrees: Hashable, Sendable {
    /// Path to tree or blob; a path that the commit does not have is absent.
    public let ids: [String: ObjectID]

    /// Makes the value of what was found.
    public init(_ ids: [String: ObjectID]) { self.ids = ids }
}

extension ContentKey {
    /// A digest over a list of texts in which no two different lists look alike.
    struct Hasher {
        private var sha = SHA256()

        mutating func add(_ text: String) {
            sha.update(data: Array("\(text.utf8.count):".utf8))
            sha.update(data: Array(text.utf8))
        }

        mutating func add(_ circumstances: Circumstances) {
            for text in [circumstances.engine, circumstances.reference, circumstances.reader, circumstances.spec] {
                add(text)
            }
        }

        mutating func add(_ trees: WatchedTrees) {
            add(String(trees.ids.count))
            for (path, id) in trees.ids.sorted(by: { $0.key < $1.key }) {
                add(path)
                add(id.description)
            }
        }

        func finish(length: Int) -> String {
            String(sha.finalize().hexadecimal.prefix(length))
        }

        static func text(of policy: LintPolicy) -> String {
            let rules = policy.rules.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value.rawValue)" }
            return "allowances=\(policy.honoursAllowances) \(rules.joined(separator: " "))"
        }

        static func digest(of parts: [String], length: Int) -> String {
            var hasher = Hasher()
            for part in parts { hasher.add(part) }
            return hasher.finish(length: length)
        }
    }
}
