/// The lines of a file while hunks are applied to it.
struct TextImage {
    /// The lines, each with its line feed where it has one.
    private(set) var lines: [ArraySlice<UInt8>]
    /// What each line is without its white space, as a number: most lines are told apart by it.
    private(set) var digests: [UInt64]
    /// Whether an earlier hunk has put the line there; such a line is not looked at again.
    private var isPatched: [Bool]

    init(_ bytes: [UInt8]) {
        lines = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            lines.append(rest[..<end])
            rest = rest[end...]
        }
        digests = lines.map(Self.digest)
        isPatched = Array(repeating: false, count: lines.count)
    }

    var bytes: [UInt8] { Array(lines.joined()) }

    /// Whether these lines stand at `position`, byte for byte. The last one may lack a line feed that the file has; git
    /// reads such a hunk in the same way.
    func holds(_ wanted: [ArraySlice<UInt8>], _ wantedDigests: [UInt64], at position: Int) -> Bool {
        guard position >= 0, position + wanted.count <= lines.count else { return false }
        for (index, line) in wanted.enumerated() {
            let place = position + index
            guard digests[place] == wantedDigests[index], !isPatched[place] else { return false }
            let isLast = index == wanted.count - 1
            guard isLast ? lines[place].starts(with: line) : lines[place] == line else { return false }
        }
        return true
    }

    /// Puts lines in the place of others.
    mutating func replace(_ range: Range<Int>, with new: [ArraySlice<UInt8>]) {
        lines.replaceSubrange(range, with: new)
        digests.replaceSubrange(range, with: new.map(Self.digest))
        isPatched.replaceSubrange(range, with: new.map { _ in true })
    }

    static func digest(_ line: ArraySlice<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in line where byte != 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
        }
        return hash
    }
}
