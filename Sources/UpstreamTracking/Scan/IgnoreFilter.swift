import DesiredState
import PatchSeries

/// Which patches of a series are left out, as the desired state says.
struct IgnoreFilter {
    let rules: IgnoreRules

    func ignores(_ patch: SeriesPatch) -> Bool {
        let words = patch.words
        if rules.authors.contains(where: { Wildcard($0).matches(words.author) || Wildcard($0).matches(words.email) }) {
            return true
        }
        if rules.subjects.contains(where: { Wildcard($0).matches(words.subject) }) { return true }
        guard !rules.paths.isEmpty else { return false }
        return patch.patch.files.allSatisfy { file in
            [file.oldPath, file.newPath].allSatisfy { path in
                rules.paths.contains { path.utf8.elementsEqual($0.utf8) || path.utf8.starts(with: "\($0)/".utf8) }
            }
        }
    }
}

/// A text in which `*` stands for any characters. Case makes no difference.
struct Wildcard {
    private let parts: [[UInt8]]

    init(_ pattern: String) {
        parts = pattern.lowercased().utf8.split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false).map(
            Array.init)
    }

    func matches(_ text: String) -> Bool {
        var rest = Array(text.lowercased().utf8)[...]
        guard let first = parts.first, let last = parts.last, rest.starts(with: first) else { return false }
        guard parts.count > 1 else { return rest.count == first.count }
        rest = rest.dropFirst(first.count)
        for part in parts.dropFirst().dropLast() {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.count >= last.count && rest.suffix(last.count).elementsEqual(last)
    }
}
