/// An option of Liquibase's command line: its names, and what it means here.
struct LiquibaseOption: Sendable {
    /// What becomes of it.
    enum Meaning: Sendable, Hashable {
        /// Commands have an option of this name.
        case taken
        /// Nothing depends on it here.
        case passedOver
        /// What is done here is what Liquibase does under these values; others are refused.
        case only([String])
    }

    /// What stands behind the name.
    enum Kind: Sendable, Hashable {
        case value
        /// Nothing, or `true` or `false`.
        case flag
        /// The same, where `--no-…` says false.
        case switchable
    }

    /// The name with hyphens, without the two at its beginning.
    let name: String
    /// Other names for it.
    var aliases: [String] = []
    /// Whether Liquibase takes it before the command's name: then it may stand anywhere.
    var isGlobal = false
    var kind = Kind.value
    var meaning = Meaning.taken

    /// All names without hyphens, dots, underscores and capitals: as Liquibase compares them.
    var keys: [String] { ([name] + aliases).map(Self.key) }

    /// The keys under which environment and defaults file have it, the narrowest first.
    func settingKeys(of command: String) -> [String] {
        isGlobal
            ? keys.map { "liquibase" + $0 }
            : (["liquibasecommand" + Self.key(command), "liquibasecommand"]
                .flatMap { prefix in keys.map { prefix + $0 } })
    }

    static func key(_ name: some StringProtocol) -> String {
        String(name.lowercased().filter { $0 != "-" && $0 != "." && $0 != "_" })
    }

    /// The option of that name, in any of Liquibase's ways to write it.
    static func named(_ name: some StringProtocol) -> LiquibaseOption? { byKey[key(name)] }

    private static let byKey = Dictionary(
        all.flatMap { option in option.keys.map { ($0, option) } }, uniquingKeysWith: { first, _ in first })
}
