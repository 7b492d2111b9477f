/// Rows in columns, for people: as wide as needed, two spaces between, no lines drawn.
struct Table: Sendable {
    private let columns: [String]
    private var rows: [[String]] = []

    init(_ columns: [String]) { self.columns = columns }

    /// Adds a row; cells beyond the columns are left out, missing ones are empty.
    mutating func add(_ cells: [String?]) {
        let shown = columns.indices.map { index in
            let cell = index < cells.count ? cells[index] : nil
            return cell.map { $0.isEmpty ? "–" : $0.oneLine } ?? "–"
        }
        rows.append(shown)
    }

    /// Whether there is nothing in it.
    var isEmpty: Bool { rows.isEmpty }

    /// The lines of the table.
    func lines(withHeader hasHeader: Bool = true) -> [String] {
        let all = hasHeader ? [columns] + rows : rows
        let widths = columns.indices.map { index in all.map { $0[index].count }.max() ?? 0 }
        return all.map { row in
            let padded = zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: max(0, width - cell.count))
            }
            return padded.joined(separator: "  ").trimmedEnd
        }
    }
}

extension String {
    /// At most so many characters; where some are left out, the last is an ellipsis.
    func cut(to limit: Int) -> String { count <= limit ? self : "\(prefix(limit - 1))…" }

    /// The text as one line that does nothing to a terminal. Names and titles are strangers' texts.
    var oneLine: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    let category = scalar.properties.generalCategory
                    return category == .control || category == .lineSeparator || category == .format ? " " : scalar
                }))
    }

    /// The text without what does something to a terminal, its lines kept.
    var harmless: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { String($0).oneLine }.joined(separator: "\n")
    }

    fileprivate var trimmedEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
