import Diagnostics

extension ModuleDeclaration {
    /// What is taken of the module.
    func pin(from source: ModuleSource) throws(Mistake) -> ModulePin {
        try checkCommonKeys()
        return switch source.kind {
        case .forge: try forgePin()
        case .git: try gitPin()
        case .svn: try subversionPin()
        case .tarball: try tarballPin()
        case .local: .committed
        }
    }

    private func forgePin() throws(Mistake) -> ModulePin {
        guard let value = version ?? self["version"]?.value else { return .unspecified }
        switch value.literal {
        case .null: return .unspecified
        case .symbol("latest"): return .latest
        case .text(let text) where ForgeVersion.isValid(text): return .version(text)
        default:
            let isLatest = value.literal == .text("latest")
            throw Mistake(
                .invalidVersion, value.position, "\(value.literal.summary) is no version of the Forge",
                hint: isLatest
                    ? "write :latest without quotes, or better a version" : "name one version, such as '8.5.0'")
        }
    }

    private func gitPin() throws(Mistake) -> ModulePin {
        let fallback = try self["default_branch"].map { pair throws(Mistake) in try reference(pair) }
        guard let pair = try only(of: ["ref", "version", "branch", "tag", "commit"]) else {
            if let fallback { return .defaultBranch(fallback) }
            throw Mistake(
                .noReference, position,
                "nothing says what to take of \(name.name.quoted): r10k 5 refuses that, 3 takes the branch master",
                hint: "add tag: or commit:")
        }
        switch pair.key {
        case "tag": return .tag(try reference(pair))
        case "commit":
            let commit = try text(of: pair)
            guard Self.isCommit(commit) else {
                throw Mistake(
                    .invalidCommit, pair.value.position, "\(commit.quoted) is no commit written out",
                    hint: "write all of its 40 digits; a tag is written tag:")
            }
            return .commit(commit.lowercased())
        default:
            if pair.value.literal == .symbol("control_branch") { return .controlBranch(fallback: fallback) }
            let reference = try reference(pair)
            if pair.key == "branch" { return .branch(reference) }
            return Self.isCommit(reference) ? .commit(reference.lowercased()) : .reference(reference)
        }
    }

    private func subversionPin() throws(Mistake) -> ModulePin {
        if self["username"] != nil, self["password"] == nil {
            throw Mistake(.invalidValue, position, "svn takes username: and password: together, or neither")
        }
        if self["password"] != nil, self["username"] == nil {
            throw Mistake(.invalidValue, position, "svn takes username: and password: together, or neither")
        }
        for pair in pairs(["username", "password"]) { _ = try text(of: pair) }
        guard let pair = try only(of: ["rev", "revision", "version"]) else { return .unspecified }
        switch pair.value.literal {
        case .number(let digits) where Self.isNumber(digits), .text(let digits) where Self.isNumber(digits):
            return .revision(digits)
        default: throw wrong(pair, expected: "a number of a revision")
        }
    }

    private func tarballPin() throws(Mistake) -> ModulePin {
        guard let pair = try only(of: ["version", "checksum"]) else { return .unspecified }
        let digest = try text(of: pair)
        guard digest.utf8.count == 64, digest.utf8.allSatisfy(Self.isHexadecimal) else {
            throw wrong(pair, expected: "the archive's SHA-256 in 64 digits")
        }
        return .digest(digest.lowercased())
    }

    /// The name of a tag or branch. What git would take for an option or a calculation is none.
    private func reference(_ pair: Statement.Pair) throws(Mistake) -> String {
        let name = try text(of: pair)
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !"~^:?*[\\".unicodeScalars.contains($0)
        }
        let isWhole = !name.holds("..") && !name.holds("@{") && !name.holds("//")
        guard isPlain, isWhole, !name.begins(with: "-"), !name.begins(with: "/"), !name.ends(with: "/"),
            !name.ends(with: ".")
        else {
            throw Mistake(
                .invalidReference, pair.value.position, "\(name.quoted) is no name of a tag or a branch",
                hint: "names have no spaces and none of ~ ^ : ? * [ \\")
        }
        return name
    }

    private func checkCommonKeys() throws(Mistake) {
        guard let pair = self["exclude_spec"] else { return }
        guard case .truth = pair.value.literal else { throw wrong(pair, expected: "true or false") }
    }

    private static func isCommit(_ text: String) -> Bool {
        text.utf8.count == 40 && text.utf8.allSatisfy(isHexadecimal)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    /// Whether the digits mean to Ruby what they mean to a reader: a zero in front makes them octal.
    private static func isNumber(_ text: String) -> Bool {
        let digits = text.utf8
        return (1...18).contains(digits.count) && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            && (digits.count == 1 || digits.first != UInt8(ascii: "0"))
    }
}
