import Diagnostics

/// A `mod` statement with its keys told apart. What kind of module it is, its keys say, and git comes before all others.
struct ModuleDeclaration {
    let name: ModuleName
    let position: Position
    /// The version of a module that is declared without keys.
    let version: Statement.Value?
    /// The keys with their values, in the order of the text.
    let pairs: [Statement.Pair]
    /// Whether keys were given, none among them perhaps.
    private let hasKeys: Bool

    init(_ statement: Statement) throws(Mistake) {
        guard case .value(let title)? = statement.arguments.first, case .text(let text) = title.literal else {
            throw Mistake(
                .wrongArguments, statement.arguments.first?.position ?? statement.position,
                "'mod' begins with a name in quotes", hint: "write mod 'owner/name', '1.2.3'")
        }
        guard let name = ModuleName(text) else {
            throw Mistake(
                .invalidName, title.position, "\(text.quoted) is no name of a module",
                hint: "write 'owner/name' or 'name' with letters, digits and underscores")
        }
        guard statement.arguments.count <= 2 else {
            throw Mistake(
                .wrongArguments, statement.arguments[2].position,
                "'mod' takes a name, and a version or keys, not both", hint: "take the version out, or the keys")
        }
        self.name = name
        position = statement.position
        switch statement.arguments.dropFirst().first {
        case nil: (version, pairs, hasKeys) = (nil, [], false)
        case .value(let value): (version, pairs, hasKeys) = (value, [], false)
        case .pairs(let pairs, _): (version, self.pairs, hasKeys) = (nil, pairs, true)
        }
        try checkKeysAreSymbols()
    }

    /// The pair of a key.
    subscript(key: String) -> Statement.Pair? { pairs.first { $0.key == key } }

    /// The pairs of these keys, in the order of the text.
    func pairs(_ keys: [String]) -> [Statement.Pair] { pairs.filter { keys.contains($0.key) } }

    /// Where the module comes from.
    func source() throws(Mistake) -> ModuleSource {
        guard hasKeys else {
            try checkOwner()
            return .forge
        }
        let type = try self.type()
        if self["git"] != nil || type == "git" { return .git(address: try address(["git", "source"])) }
        if self["svn"] != nil || type == "svn" { return .subversion(address: try address(["svn", "source"])) }
        if type == "local" { return .local }
        if let local = self["local"] {
            guard local.value.literal == .truth(true) else {
                throw Mistake(
                    .sourceMissing, local.value.position, "local: is true or it is not there",
                    hint: "write local: true, or where the module comes from")
            }
            return .local
        }
        switch type {
        case "forge":
            try checkOwner()
            return .forge
        case "tarball": return .tarball(address: try address(["source"]))
        default:
            throw Mistake(
                .sourceMissing, position, "nothing says where the module \(name.name.quoted) comes from",
                hint: "expected git:, svn:, local: true, or type: with git, svn, forge, local or tarball")
        }
    }

    /// Where the module is put, when it says so itself.
    func installPath() throws(Mistake) -> String? {
        guard let pair = self["install_path"] else { return nil }
        let path = try text(of: pair)
        var depth = 0
        for part in path.words(at: "/") where part != "." {
            depth += part == ".." ? -1 : 1
            if depth < 0 { break }
        }
        guard depth >= 0, !path.begins(with: "/") else {
            throw Mistake(
                .pathOutside, pair.value.position, "install_path \(path.quoted) may lead out of the environment",
                hint: "name a folder below the Puppetfile's")
        }
        return path
    }

    // MARK: Values

    /// The text of a key that takes nothing else.
    func text(of pair: Statement.Pair) throws(Mistake) -> String {
        guard case .text(let text) = pair.value.literal, !text.isEmpty else {
            throw wrong(pair, expected: "a text in quotes")
        }
        return text
    }

    func wrong(_ pair: Statement.Pair, expected: String) -> Mistake {
        let isHidden = Self.secretKeys.contains(pair.key)
        let found = isHidden ? "something else" : pair.value.literal.summary
        return Mistake(.invalidValue, pair.value.position, "\(pair.key): expected \(expected), found \(found)")
    }

    /// Of several keys for one thing r10k takes the last one, with a warning; a reader may look at the first.
    func only(of keys: [String]) throws(Mistake) -> Statement.Pair? {
        let given = pairs(keys)
        guard given.count > 1 else { return given.first }
        throw Mistake(
            .conflictingKeys, given[1].position,
            "\(given[0].key): and \(given[1].key): say the same thing, each in its own way", hint: "keep one of them")
    }

    private func type() throws(Mistake) -> String? {
        guard let pair = self["type"] else { return nil }
        switch pair.value.literal {
        case .text(let type), .symbol(let type): return type
        default: throw wrong(pair, expected: "git, svn, forge, local or tarball")
        }
    }

    private func address(_ keys: [String]) throws(Mistake) -> String {
        guard let pair = try only(of: keys) else {
            throw Mistake(
                .sourceMissing, position, "nothing says where the module \(name.name.quoted) comes from",
                hint: "add source: with an address")
        }
        return try text(of: pair)
    }

    private func checkOwner() throws(Mistake) {
        guard name.owner == nil else { return }
        throw Mistake(
            .ownerMissing, position, "the Forge knows no module \(name.name.quoted) without its owner",
            hint: "write 'owner/\(name.name.shortened)', or where the module comes from")
    }

    private func checkKeysAreSymbols() throws(Mistake) {
        var seen: Set<String> = []
        for pair in pairs {
            guard pair.isSymbol else {
                throw Mistake(
                    .textKey, pair.position, "the key \(pair.key.quoted) is a text: r10k reads symbols only",
                    hint: "write \(pair.key.shortened): without quotes")
            }
            guard seen.insert(pair.key).inserted else {
                throw Mistake(
                    .duplicateKey, pair.position, "the key \(pair.key.shortened): stands twice",
                    hint: "keep one of them")
            }
        }
    }

    static let secretKeys: Set<String> = ["password", "username"]
}
