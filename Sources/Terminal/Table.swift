/// Rows in columns, for people: as wide as needed, two spaces between, no lines drawn.
package struct Table: Sendable {
    private let columns: [String]
    private var rows: [[String]] = []

    package init(_ columns: [String]) { self.columns = columns }

    /// Adds a row; cells beyond the columns are left out, missing ones are empty.
    package mutating func add(_ cells: [String?]) {
        let shown = columns.indices.map { index in
            let cell = index < cells.count ? cells[index] : nil
            return cell.map { $0.isEmpty ? "–" : $0.oneLine } ?? "–"
        }
        rows.append(shown)
    }

    /// Whether there is nothing in it.
    package var isEmpty: Bool { rows.isEmpty }

    /// The lines of the table.
    package func lines(withHeader hasHeader: Bool = true) -> [String] {
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
    fileprivate var trimmedEnd: String {
        var text = Substring(self)
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
