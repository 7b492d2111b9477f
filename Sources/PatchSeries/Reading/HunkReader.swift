import Diagnostics

/// Reads the lines that a patch replaces: `@@ -1,3 +1,4 @@` and what follows.
struct HunkReader {
    let file: String?

    func read(_ text: inout PatchText) throws -> Hunk {
        let start = text.line
        guard let range = ranges(text.rest(after: "@@ -") ?? []) else {
            throw text.corrupt("the ranges of a hunk cannot be read", file: file)
        }
        text.advance()
        var (old, new) = (range.old.count, range.new.count)
        var lines: [Hunk.Line] = []
        while old > 0 || new > 0 {
            guard let line = text.current else { throw text.corrupt("it ends inside of a hunk", file: file) }
            switch line.first {
            case UInt8(ascii: " "), 0x0A:
                old -= 1
                new -= 1
                // Some programs lose the space before an empty line.
                lines.append(Hunk.Line(kind: .context, bytes: line.first == 0x0A ? line : line.dropFirst()))
            case UInt8(ascii: "-"):
                old -= 1
                lines.append(Hunk.Line(kind: .removed, bytes: line.dropFirst()))
            case UInt8(ascii: "+"):
                new -= 1
                lines.append(Hunk.Line(kind: .added, bytes: line.dropFirst()))
            case UInt8(ascii: "\\") where isRemark(line): endLine(of: &lines)
            default: throw text.corrupt("a line of a hunk begins with none of space, plus and minus", file: file)
            }
            guard old >= 0, new >= 0 else { throw text.corrupt("a hunk has other lines than it says", file: file) }
            text.advance()
        }
        if let line = text.current, isRemark(line) {
            endLine(of: &lines)
            text.advance()
        }
        guard lines.contains(where: { $0.kind != .context }) else {
            throw text.corrupt("a hunk changes nothing", file: file)
        }
        return Hunk(oldStart: range.old.start, newStart: range.new.start, lines: lines, line: start)
    }

    /// `\ No newline at end of file`, in whatever language.
    private func isRemark(_ line: ArraySlice<UInt8>) -> Bool { line.count >= 12 && line.starts(with: "\\ ".utf8) }

    /// The line before the remark has no line feed.
    private func endLine(of lines: inout [Hunk.Line]) {
        guard let last = lines.indices.last else { return }
        lines[last].bytes = lines[last].bytes.withoutLineFeed
    }

    private typealias Range = (start: Int, count: Int)

    /// Reads `1,3 +1,4 @@`.
    private func ranges(_ rest: ArraySlice<UInt8>) -> (old: Range, new: Range)? {
        let words = rest.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard words.count >= 3, words[1].first == UInt8(ascii: "+"), words[2].starts(with: "@@".utf8),
            let old = range(words[0]), let new = range(words[1].dropFirst())
        else { return nil }
        return (old, new)
    }

    private func range(_ word: ArraySlice<UInt8>) -> Range? {
        let numbers = word.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard (1...2).contains(numbers.count), let start = number(numbers[0]) else { return nil }
        guard numbers.count == 2 else { return (start, 1) }
        return number(numbers[1]).map { (start, $0) }
    }

    /// A line's number. A file of more than a thousand million lines is none.
    private func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
