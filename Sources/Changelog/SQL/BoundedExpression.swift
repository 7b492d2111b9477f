import Diagnostics
import Foundation

/// A regular expression that an author wrote. Some take longer than the universe lasts, so each use has a limit.
struct BoundedExpression {
    /// What all uses of expressions in one changeset may take together.
    ///
    /// Steps and not seconds: a changelog is refused everywhere or nowhere.
    struct Budget {
        /// Ten thousand steps of the matching engine each; 500 take about a third of a second. A long text has more.
        var portions = 500
        /// Bytes by which all texts may grow.
        var growth = 32 << 20

        /// Takes from the budget what a text has grown by.
        mutating func spend(growth bytes: Int) throws {
            growth -= max(0, bytes)
            guard growth < 0 else { return }
            throw SluiceError(
                "changelog.too-large", .stalled, "the changeset's modifySql makes more text than is allowed",
                hint: "replace less, or write the statement as it is meant")
        }
    }

    private let expression: NSRegularExpression

    /// Nil when the text is no expression.
    init?(_ pattern: String) {
        guard let expression = try? NSRegularExpression(pattern: pattern) else { return nil }
        self.expression = expression
    }

    /// Whether the expression matches a text from its beginning, and then all of it.
    ///
    /// - Throws: `SluiceError` `changelog.expression-too-costly`.
    func matchesWhole(_ text: String, _ budget: inout Budget) throws -> Bool {
        let whole = NSRange(text.startIndex..., in: text)
        var found: NSRange?
        try enumerate(text, whole, .anchored, &budget) { match in
            found = match.range
            return false
        }
        return found == whole
    }

    /// The text with every match replaced; `$1` in the template is the first group.
    ///
    /// - Throws: `SluiceError` `changelog.expression-too-costly`, `changelog.too-large`.
    func replacing(in text: String, with template: String, _ budget: inout Budget) throws -> String {
        let source = text as NSString
        let template = ReplacementTemplate(template, groups: expression.numberOfCaptureGroups)
        let limit = text.utf8.count + budget.growth
        var result = ""
        var end = 0
        try enumerate(text, NSRange(location: 0, length: source.length), [], &budget) { match in
            result += source.substring(with: NSRange(location: end, length: max(0, match.range.location - end)))
            template.append(to: &result) { group in
                guard group < match.numberOfRanges, match.range(at: group).location != NSNotFound else { return "" }
                return source.substring(with: match.range(at: group))
            }
            end = match.range.location + match.range.length
            return result.utf8.count <= limit
        }
        result += source.substring(from: end)
        try budget.spend(growth: result.utf8.count - text.utf8.count)
        return result
    }

    private func enumerate(
        _ text: String, _ range: NSRange, _ options: NSRegularExpression.MatchingOptions, _ budget: inout Budget,
        _ body: (NSTextCheckingResult) -> Bool
    ) throws {
        var portions = budget.portions + range.length / 500
        var isBroken = false
        withoutActuallyEscaping(body) { body in
            expression.enumerateMatches(in: text, options: options.union(.reportProgress), range: range) {
                match, flags, stop in
                if let match {
                    if !body(match) { stop.pointee = true }
                    return
                }
                isBroken = isBroken || flags.contains(.internalError)
                portions -= flags.contains(.progress) ? 1 : 0
                if portions < 0 { stop.pointee = true }
            }
        }
        budget.portions = min(budget.portions, portions)
        guard portions < 0 || isBroken else { return }
        throw SluiceError(
            "changelog.expression-too-costly", .stalled,
            "the expression '\(expression.pattern.limited(to: 100))' takes too many steps",
            hint: "repeat nothing inside of something that is repeated, as in (a+)+")
    }
}
