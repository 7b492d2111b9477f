/// Finds the place of a hunk by git's rules: all its context must be there, at the expected line or as near to it as
/// possible; a hunk from a file's first line on belongs at its beginning, one without context at its end belongs at its
/// end. There is no fuzz.
struct HunkLocator {
    private let wanted: [ArraySlice<UInt8>]
    private let digests: [UInt64]
    private let isAtBeginning: Bool
    private let isAtEnd: Bool
    /// The line, from 0, at which the hunk is expected.
    let expected: Int

    init(_ hunk: Hunk) {
        wanted = hunk.before
        digests = wanted.map(TextImage.digest)
        isAtBeginning = hunk.oldStart <= 1
        isAtEnd = hunk.trailing == 0
        expected = max(hunk.newStart - 1, 0)
    }

    /// The line, from 0, at which the hunk fits; nil when it fits nowhere.
    func place(in image: TextImage) -> Int? {
        let count = image.lines.count
        guard wanted.count <= count else { return nil }
        if isAtBeginning { return fits(at: 0, in: image) ? 0 : nil }
        if isAtEnd {
            let last = count - wanted.count
            return fits(at: last, in: image) ? last : nil
        }
        let start = min(expected, count)
        for distance in 0...count {
            if fits(at: start + distance, in: image) { return start + distance }
            if distance > 0, fits(at: start - distance, in: image) { return start - distance }
        }
        return nil
    }

    private func fits(at position: Int, in image: TextImage) -> Bool {
        guard position >= 0, position + wanted.count <= image.lines.count else { return false }
        if isAtBeginning && position != 0 { return false }
        if isAtEnd && !endsExactly(at: position, in: image) { return false }
        return image.holds(wanted, digests, at: position)
    }

    /// Whether the file ends where the hunk does, with or without a line feed as it does.
    private func endsExactly(at position: Int, in image: TextImage) -> Bool {
        guard position + wanted.count == image.lines.count else { return false }
        guard let last = wanted.last else { return true }
        return image.lines.last?.count == last.count
    }
}
