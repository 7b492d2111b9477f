/// "Did you mean …?": the word of a list that a mistyped word most likely stands for.
public enum Suggestion {
    /// The candidate nearest to `word`, when it is near enough to be worth saying (at most a third of the word changed).
    ///
    /// Distances are optimal string alignment (Damerau-Levenshtein without repeated edits), letters' case ignored.
    public static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
        // Nobody mistypes a word of that length, and comparing takes its square.
        guard word.utf8.count <= 100 else { return nil }
        let limit = max(1, word.count / 3)
        return candidates.map { ($0, distance(word, $0)) }.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left.lowercased()), Array(right.lowercased()))
        guard !a.isEmpty else { return b.count }
        guard !b.isEmpty else { return a.count }
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                let substitution = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
                var best = min(last[j] + 1, row[j - 1] + 1, substitution)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    best = min(best, beforeLast[j - 2] + 1)
                }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[b.count]
    }
}
