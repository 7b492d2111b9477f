/// Applies the hunks of one file, one after the other.
struct HunkApplier {
    let hunks: [Hunk]

    /// What became of each hunk, and the content when all of them fit.
    func apply(to bytes: [UInt8]) -> (result: [UInt8]?, outcomes: [HunkOutcome]) {
        var budget = SearchBudget.none
        return apply(to: bytes, seekingWith: &budget)
    }

    /// The same; for the first hunk that fits nowhere it is looked for what it looks most like, if there is budget for it.
    func apply(
        to bytes: [UInt8], seekingWith budget: inout SearchBudget
    ) -> (result: [UInt8]?, outcomes: [HunkOutcome]) {
        var image = TextImage(bytes)
        var outcomes: [HunkOutcome] = []
        var (isWhole, hasConflict) = (true, false)
        for hunk in hunks {
            let locator = HunkLocator(hunk)
            if let place = locator.place(in: image) {
                image.replace(place..<(place + hunk.before.count), with: hunk.after)
                outcomes.append(.fits(line: place + 1, by: place - locator.expected))
                continue
            }
            isWhole = false
            if let place = HunkLocator(hunk.reversed).place(in: image) {
                outcomes.append(.alreadyApplied(line: place + 1))
            } else {
                let isSought = !hasConflict && budget.take(for: hunk, in: image)
                let nearest = isSought ? SimilarPlace(of: hunk, in: image) : nil
                outcomes.append(.conflict(line: max(hunk.oldStart, 1), nearest: nearest, isSought: isSought))
                hasConflict = true
            }
        }
        return (isWhole ? image.bytes : nil, outcomes)
    }
}
