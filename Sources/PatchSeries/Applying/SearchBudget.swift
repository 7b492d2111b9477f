/// How much may still be spent on looking for what hunks that fit nowhere look most like. A whole series shares one: somebody
/// else decides how many of its hunks fail, and in how large files.
public struct SearchBudget: Hashable, Sendable {
    /// How many pairs of lines may still be compared.
    public private(set) var pairs: Int

    /// The most pairs for one hunk.
    private static let perHunk = 4_000_000

    /// Makes a budget of so many pairs of lines; ten of the largest searches unless told otherwise.
    public init(pairs: Int = 40_000_000) { self.pairs = pairs }

    /// For those who do not tell what a hunk looks like.
    public static let none = SearchBudget(pairs: -1)

    /// Takes what a search needs; false, with nothing taken, when it needs too much.
    mutating func take(for hunk: Hunk, in image: TextImage) -> Bool {
        let (needed, isTooMuch) = hunk.before.count.multipliedReportingOverflow(by: image.lines.count)
        guard !isTooMuch, needed <= min(pairs, Self.perHunk) else { return false }
        pairs -= needed
        return true
    }
}
