/// How the names of branches look: `*` stands for any characters but `/`, `?` for one of them.
public struct BranchPattern: Hashable, Sendable {
    private let pattern: [UInt8]

    /// Takes a pattern.
    public init(_ pattern: String) { self.pattern = Array(pattern.utf8) }

    /// Whether a name fits, in time proportional to the product of both lengths at worst.
    public func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (at, next) = (0, 0)
        // Where to go on when what follows the last star did not fit: one more byte belongs to the star.
        var retry: (at: Int, next: Int)?
        while at < name.count {
            if next < pattern.count, pattern[next] == Self.star {
                retry = (at, next)
                next += 1
            } else if next < pattern.count, fits(name[at], pattern[next]) {
                at += 1
                next += 1
            } else if let last = retry, name[last.at] != Self.slash {
                retry = (last.at + 1, last.next)
                (at, next) = (last.at + 1, last.next + 1)
            } else {
                return false
            }
        }
        return pattern.dropFirst(next).allSatisfy { $0 == Self.star }
    }

    private func fits(_ byte: UInt8, _ wanted: UInt8) -> Bool {
        byte == wanted || wanted == Self.one && byte != Self.slash
    }

    private static let star = UInt8(ascii: "*")
    private static let one = UInt8(ascii: "?")
    private static let slash = UInt8(ascii: "/")
}
