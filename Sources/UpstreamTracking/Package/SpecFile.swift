import Diagnostics
import PatchSeries

/// An RPM spec file that gets patches: `Patch<N>:` lines, a higher `Release:`, an entry in `%changelog`, and, where the
/// file applies its patches one by one, a line in `%prep`.
///
/// Lines end with a line feed; a carriage return before it stays at its line, and new lines have one when the file's have.
struct SpecFile {
    private(set) var lines: [String]
    private var endsWithLineFeed: Bool
    private let carriage: String

    /// Reads a file; nil when it is no text.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else { return nil }
        endsWithLineFeed = text.utf8.last == 0x0A
        lines = text.parts(at: "\n").map(String.init)
        if endsWithLineFeed { lines.removeLast() }
        carriage = lines.count > (endsWithLineFeed ? 0 : 1) && lines.first?.utf8.last == 0x0D ? "\r" : ""
    }

    var bytes: [UInt8] { Array((lines.joined(separator: "\n") + (endsWithLineFeed ? "\n" : "")).utf8) }

    /// Adds patches.
    /// - Parameters:
    ///   - files: The patches' file names, in order.
    ///   - first: The least number of a patch.
    ///   - entry: What the changelog says, a line each.
    ///   - seconds: The day of the entry, in seconds since 1970; it is never older than the newest entry.
    mutating func add(_ files: [String], from first: Int, entry: [String], seconds: Int64) {
        guard !files.isEmpty else { return }
        let preamble = preambleEnd
        let release = bumpRelease(before: preamble)
        let start = max(first, (numbers(before: preamble).max() ?? -1) + 1)
        let last = (0..<preamble).last { isTag(lines[$0], "patch") || isTag(lines[$0], "source") } ?? (preamble - 1)
        let added = files.enumerated().map { "Patch\(start + $0): \($1)" }
        insert(added, at: unconditional(after: last, in: 0..<preamble))
        apply(start..<(start + files.count))
        addEntry(entry, release: release, seconds: seconds)
    }

    /// Adds lines that end as the file's own do.
    mutating func insert(_ texts: [String], at index: Int) {
        if index == lines.count, index > 0, !endsWithLineFeed {
            lines[index - 1] += carriage
            endsWithLineFeed = true
        }
        lines.insert(contentsOf: texts.map { $0 + carriage }, at: index)
    }

    /// Where the main package's tags end: at the first section.
    var preambleEnd: Int { lines.firstIndex(where: Self.isSection) ?? lines.count }

    private static let sections: Set<String> = [
        "%description", "%package", "%prep", "%generate_buildrequires", "%conf", "%build", "%install", "%check",
        "%clean", "%files", "%changelog", "%pre", "%post", "%preun", "%postun", "%pretrans", "%posttrans",
    ]

    private static func isSection(_ line: String) -> Bool { sections.contains(firstWord(of: line)) }

    /// What a line begins with, up to white space.
    static func firstWord(of line: some StringProtocol) -> String {
        String(decoding: line.utf8.prefix { !$0.isSpecBlank }, as: UTF8.self)
    }

    /// A tag that a line sets, numbered or not: its name in small letters, its number's digits, and its value.
    static func tag(of line: String) -> (name: String, digits: String, value: Substring)? {
        guard let colon = line.utf8.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let words = line[..<colon].utf8.split(whereSeparator: \.isSpecBlank)
        guard let word = words.first, words.count == 1 else { return nil }
        let name = word.prefix { !(0x30...0x39).contains($0) }
        return (
            String(decoding: name, as: UTF8.self).lowercased(),
            String(decoding: word.dropFirst(name.count), as: UTF8.self), line[line.utf8.index(after: colon)...]
        )
    }

    /// Whether a line sets a tag, numbered or not.
    func isTag(_ line: String, _ name: String) -> Bool {
        guard let tag = Self.tag(of: line) else { return false }
        return tag.name == name && tag.digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private func numbers(before end: Int) -> [Int] { declared(before: end).map(\.number) }

    /// Raises the number that the main package's release begins with; one that a macro makes is left alone.
    private mutating func bumpRelease(before end: Int) -> String? {
        guard let index = (0..<end).first(where: { isTag(lines[$0], "release") }), let tag = Self.tag(of: lines[index])
        else { return nil }
        let line = lines[index]
        let start = tag.value.utf8.firstIndex { $0 != 0x20 && $0 != 0x09 } ?? line.endIndex
        let digits = line[start...].utf8.prefix { (0x30...0x39).contains($0) }
        guard let number = Int(String(decoding: digits, as: UTF8.self)), number < Int.max else { return nil }
        let rest = line[digits.endIndex...]
        lines[index] = "\(line[..<start])\(number + 1)\(rest)"
        let more = rest.utf8.prefix { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        return "\(number + 1)" + String(decoding: more, as: UTF8.self)
    }

    /// The lines of `%prep`.
    var preparation: Range<Int>? {
        guard let prep = lines.firstIndex(where: { Self.firstWord(of: $0) == "%prep" }) else { return nil }
        return prep..<(lines[(prep + 1)...].firstIndex(where: Self.isSection) ?? lines.count)
    }

    /// Patches that the file applies one by one get a line each; those that a macro applies need none.
    private mutating func apply(_ numbers: Range<Int>) {
        guard let preparation else { return }
        let body = lines[preparation]
        if body.contains(where: Self.appliesAll) { return }
        guard let last = body.lastIndex(where: { $0.begins(with: "%patch") || $0.begins(with: "%setup") }) else {
            return
        }
        insert(numbers.map { "%patch -P \($0) -p1" }, at: unconditional(after: last, in: preparation))
    }

    /// Whether a line has a macro apply all patches that there are.
    static func appliesAll(_ line: String) -> Bool {
        line.begins(with: "%autosetup") || line.begins(with: "%autopatch")
    }
}

extension SpecFile {
    /// Where lines that hold on every architecture go that shall stand behind another: there, or behind the end of the outermost
    /// `%if` that it stands in. When that one ends elsewhere only, they go before it.
    private func unconditional(after line: Int, in part: Range<Int>) -> Int {
        guard part.contains(line) else { return part.lowerBound }
        var open: [Int] = []
        for index in part {
            switch Self.firstWord(of: lines[index].utf8Trimmed) {
            case "%endif": _ = open.popLast()
            case "%if", "%ifarch", "%ifnarch", "%ifos", "%ifnos": open.append(index)
            // Older versions of RPM want no space before what is asked.
            case let word where word.begins(with: "%if("): open.append(index)
            default: break
            }
            if index >= line, open.isEmpty { return index + 1 }
        }
        return open.first ?? part.upperBound
    }
}

extension UInt8 {
    /// White space within a line of a spec file.
    var isSpecBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D }
}

extension String {
    /// Without the white space that a line of a spec file begins with.
    var utf8Trimmed: Substring { self[(utf8.firstIndex { !$0.isSpecBlank } ?? endIndex)...] }
}
