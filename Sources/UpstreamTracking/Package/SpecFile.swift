import PatchSeries

/// An RPM spec file that gets patches: `Patch<N>:` lines, a higher `Release:`, an entry in `%changelog`, and, where the
/// file applies its patches one by one, a line in `%prep`.
struct SpecFile {
    private(set) var lines: [String]
    private let endsWithLineFeed: Bool

    /// Reads a file; nil when it is no text.
    init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else { return nil }
        endsWithLineFeed = text.hasSuffix("\n")
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if endsWithLineFeed { lines.removeLast() }
    }

    var bytes: [UInt8] { Array((lines.joined(separator: "\n") + (endsWithLineFeed ? "\n" : "")).utf8) }

    /// Adds patches.
    /// - Parameters:
    ///   - files: The patches' file names, in order.
    ///   - first: The least number of a patch.
    ///   - entry: What the changelog says, a line each.
    ///   - seconds: The day of the entry, in seconds since 1970.
    mutating func add(_ files: [String], from first: Int, entry: [String], seconds: Int64) {
        guard !files.isEmpty else { return }
        let preamble = preambleEnd
        let release = bumpRelease(before: preamble)
        let start = max(first, (numbers(before: preamble).max() ?? -1) + 1)
        let place = (0..<preamble).last { isTag(lines[$0], "patch") || isTag(lines[$0], "source") } ?? (preamble - 1)
        let added = files.enumerated().map { "Patch\(start + $0): \($1)" }
        lines.insert(contentsOf: added, at: place + 1)
        apply(start..<(start + files.count))
        addEntry(entry, release: release, seconds: seconds)
    }

    /// Where the main package's tags end: at the first section.
    var preambleEnd: Int {
        let sections = [
            "%description", "%package", "%prep", "%build", "%install", "%check", "%files", "%changelog", "%pre",
            "%post",
        ]
        return lines.firstIndex { line in
            sections.contains { line.hasPrefix($0) && !(line.dropFirst($0.count).first?.isLetter ?? false) }
        } ?? lines.count
    }

    /// Whether a line sets a tag, numbered or not.
    func isTag(_ line: String, _ tag: String) -> Bool {
        let name = line.prefix { $0 != ":" }.lowercased()
        return line.contains(":") && name.hasPrefix(tag) && name.dropFirst(tag.count).allSatisfy(\.isNumber)
    }

    private func numbers(before end: Int) -> [Int] { declared(before: end).map(\.number) }

    /// Raises the number that the main package's release begins with; one that a macro makes is left alone.
    private mutating func bumpRelease(before end: Int) -> String? {
        guard let index = (0..<end).first(where: { isTag(lines[$0], "release") }) else { return nil }
        let line = lines[index]
        let tag = line.prefix { $0 != ":" } + ":"
        let value = line.dropFirst(tag.count)
        let space = value.prefix { $0 == " " || $0 == "\t" }
        let digits = value.dropFirst(space.count).prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), number < Int.max else { return nil }
        let rest = value.dropFirst(space.count + digits.count)
        lines[index] = "\(tag)\(space)\(number + 1)\(rest)"
        return "\(number + 1)" + rest.prefix { $0 == "." || $0.isNumber }
    }

    /// The lines of `%prep`.
    var preparation: Range<Int>? {
        guard let prep = lines.firstIndex(where: { $0.hasPrefix("%prep") }) else { return nil }
        let end =
            lines[(prep + 1)...].firstIndex { line in
                ["%build", "%install", "%check", "%description", "%files", "%changelog"].contains { line.hasPrefix($0) }
            } ?? lines.count
        return prep..<end
    }

    /// Patches that the file applies one by one get a line each; those that a macro applies need none.
    private mutating func apply(_ numbers: Range<Int>) {
        guard let preparation else { return }
        let body = lines[preparation]
        if body.contains(where: { $0.hasPrefix("%autosetup") || $0.hasPrefix("%autopatch") }) { return }
        guard let last = body.lastIndex(where: { $0.hasPrefix("%patch") || $0.hasPrefix("%setup") }) else { return }
        lines.insert(contentsOf: numbers.map { "%patch -P \($0) -p1" }, at: last + 1)
    }

    private mutating func addEntry(_ entry: [String], release: String?, seconds: Int64) {
        guard let index = lines.firstIndex(where: { $0.hasPrefix("%changelog") }), lines.count > index else { return }
        let following = lines[(index + 1)...].first { !$0.isEmpty }
        if following?.hasPrefix("%autochangelog") == true { return }
        let version = lines[..<preambleEnd].first { isTag($0, "version") }.map {
            $0.drop { $0 != ":" }.dropFirst().trimmingSpaces
        }
        let mark = [version, release].compactMap(\.self).joined(separator: "-")
        let head = "* \(MailDate.day(seconds)) Sluice <sluice@localhost>\(mark.isEmpty ? "" : " - \(mark)")"
        // A percent sign would begin a macro.
        let text = entry.map { "- \($0.replacing("%", with: "%%"))" }
        lines.insert(contentsOf: [head] + text + [""], at: index + 1)
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var rest = drop { $0 == " " || $0 == "\t" }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
