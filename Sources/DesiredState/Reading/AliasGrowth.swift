import Diagnostics
import Foundation

/// How much a YAML text may grow when its aliases are replaced by what they stand for.
///
/// It is judged before the text is parsed, because a parser that compares the keys of a mapping walks whatever an
/// alias stands for, and nine aliases of nine aliases of nine … outlast any patience.
enum AliasGrowth {
    /// Refuses a text that could grow beyond the limit.
    static func check(_ text: String, file: String, limits: ReadingLimits) throws(Refusal) {
        let factor = worstFactor(of: text)
        guard factor == 1 || factor * Double(text.utf8.count) <= Double(limits.expandedSize) else {
            throw Refusal(
                .limit, SourceLocation(file: file), "the file could grow too large through its aliases",
                hint: "use fewer anchors (&) and aliases (*)")
        }
    }

    /// The greatest factor that any arrangement of the text's anchors and aliases can reach: with *r* aliases shared
    /// out over *k* anchors, each standing inside the next, (*r* / *k*)ᵏ. Counts too much rather than too little:
    /// marks in comments and quotes count as well.
    static func worstFactor(of text: String) -> Double {
        let (anchors, aliases) = count(in: text.utf8)
        guard anchors > 0, aliases > 0 else { return 1 }
        // (r / k)ᵏ is greatest at k = r / e and falls from there on.
        let levels = min(Double(anchors), max(1, Double(aliases) / M_E))
        return max(1, pow(Double(aliases) / levels, levels))
    }

    private static func count(in text: String.UTF8View) -> (anchors: Int, aliases: Int) {
        var (anchors, aliases) = (0, 0)
        var previous: UInt8 = 0
        for byte in text {
            if isNameByte(byte) {
                if previous == UInt8(ascii: "&") { anchors += 1 }
                if previous == UInt8(ascii: "*") { aliases += 1 }
            }
            previous = byte
        }
        return (anchors, aliases)
    }

    /// Anchors' names are letters, digits, `_` and `-`; bytes beyond ASCII are counted to be on the safe side.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), 0x80...:
            true
        default: false
        }
    }
}
