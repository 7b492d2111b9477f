import Diagnostics

extension String {
    /// At most so many characters; where some are left out, the last is an ellipsis.
    package func cut(to limit: Int) -> String { count <= limit ? self : "\(prefix(limit - 1))…" }

    /// The text as one line that does nothing to a terminal. Names and titles are strangers' texts.
    package var oneLine: String { printable { _ in false } }

    /// The text without what does something to a terminal, its lines kept.
    package var harmless: String { printable { $0 == "\n" } }

    private func printable(keeping isKept: (Unicode.Scalar) -> Bool) -> String {
        String(
            UnicodeScalarView(
                unicodeScalars.map { $0.isUnprintable && !isKept($0) ? " " : $0 }))
    }
}
