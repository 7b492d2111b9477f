extension String {
    /// At most so many characters; where some are left out, the last is an ellipsis.
    package func cut(to limit: Int) -> String { count <= limit ? self : "\(prefix(limit - 1))…" }

    /// The text as one line that does nothing to a terminal. Names and titles are strangers' texts.
    package var oneLine: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    let category = scalar.properties.generalCategory
                    return category == .control || category == .lineSeparator || category == .format ? " " : scalar
                }))
    }

    /// The text without what does something to a terminal, its lines kept.
    package var harmless: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).oneLine }.joined(separator: "\n")
    }
}
