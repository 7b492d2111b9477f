/// Applies the hunks of one file, one after the other.
struct HunkApplier {
    let hunks: [Hunk]

    /// What became of each hunk, and the content when all of them fit.
    func apply(to bytes: [UInt8]) -> (result: [UInt8]?, outcomes: [HunkOutcome]) {
        var image = TextImage(bytes)
        var outcomes: [HunkOutcome] = []
        var isWhole = true
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
                let nearest = SimilarPlace(of: hunk, in: image)
                outcomes.append(.conflict(line: max(hunk.oldStart, 1), nearest: nearest))
            }
        }
        return (isWhole ? image.bytes : nil, outcomes)
    }
}
