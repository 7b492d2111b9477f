/// Where most of a hunk's lines stand that fits nowhere, and the first line in which the place differs.
public struct SimilarPlace: Hashable, Sendable {
    /// The first line of the place, from 1.
    public let line: Int
    /// How many of the hunk's lines stand there.
    public let matching: Int
    /// How many lines the hunk expects.
    public let total: Int
    /// The line, from 1, at which the two part.
    public let differsAt: Int
    /// What the hunk expects there, cut when it is long.
    public let expected: String
    /// What stands there; nil at the end of the file.
    public let found: String?

    /// Makes a place.
    public init(line: Int, matching: Int, total: Int, differsAt: Int, expected: String, found: String?) {
        self.line = line
        self.matching = matching
        self.total = total
        self.differsAt = differsAt
        self.expected = expected
        self.found = found
    }
}

extension SimilarPlace {
    /// How many characters of a line are shown.
    private static let length = 120

    /// Looks for the place in a file; nil when no line of the hunk stands in it. Each line of the one is compared with each of
    /// the other: see ``SearchBudget``.
    init?(of hunk: Hunk, in image: TextImage) {
        let wanted = hunk.before
        let count = image.lines.count
        guard !wanted.isEmpty, count > 0 else { return nil }
        let digests = wanted.map(TextImage.digest)
        let expected = max(hunk.newStart - 1, 0)
        // Lines without letters stand everywhere and say nothing.
        let blank = TextImage.digest([])
        var best = (place: 0, matching: 0)
        for place in 0..<count {
            var matching = 0
            for (index, digest) in digests.enumerated() where digest != blank && place + index < count {
                if image.digests[place + index] == digest { matching += 1 }
            }
            let isNearer = abs(place - expected) < abs(best.place - expected)
            if matching > best.matching || matching == best.matching && isNearer { best = (place, matching) }
        }
        guard best.matching > 0 else { return nil }
        let differing = wanted.indices.first { index in
            best.place + index >= count || image.lines[best.place + index] != wanted[index]
        }
        let index = differing ?? 0
        let line = best.place + index
        self.init(
            line: best.place + 1, matching: best.matching, total: wanted.count, differsAt: line + 1,
            expected: Self.shown(wanted[index]), found: line < count ? Self.shown(image.lines[line]) : nil)
    }

    private static func shown(_ line: ArraySlice<UInt8>) -> String {
        let text = String(decoding: line.withoutLineFeed.prefix(4 * length), as: UTF8.self)
        let scalars = text.unicodeScalars.map { $0.value < 0x20 && $0 != "\t" ? "\u{FFFD}" : $0 }
        return String(String(String.UnicodeScalarView(scalars)).prefix(length))
    }
}
