/// The lines of a text without their ends; `\n`, `\r\n` and a lone `\r` all end a line, as Java's readers see it.
struct LineSequence: Sequence, IteratorProtocol {
    private var rest: Substring.UTF8View
    private var isAtEnd: Bool

    init(_ text: some StringProtocol) {
        rest = Substring(text).utf8
        isAtEnd = rest.isEmpty
    }

    mutating func next() -> Substring? {
        guard !isAtEnd else { return nil }
        guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
            isAtEnd = true
            return Substring(rest)
        }
        let line = Substring(rest[..<end])
        var next = rest.index(after: end)
        if rest[end] == 0x0D, next < rest.endIndex, rest[next] == 0x0A { next = rest.index(after: next) }
        rest = rest[next...]
        isAtEnd = rest.isEmpty
        return line
    }
}
