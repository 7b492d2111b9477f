import ArgumentParser
import DesiredState
import Diagnostics
import Terminal

/// `sluice history export`: all of it, for other programs.
struct HistoryExport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write runs or tasks to standard output, newest first, page by page.",
        discussion: """
            As NDJSON, one document a line, as CSV (RFC 4180), or as one JSON document. In CSV a text that a spreadsheet
            would take for a formula begins with an apostrophe. What is added meanwhile is not part of it.
            """)

    /// What is written.
    enum Part: String, ExpressibleByArgument, CaseIterable, Sendable { case runs, tasks }

    /// How it is written.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case ndjson, csv, json

        var type: String {
            switch self {
            case .ndjson, .json: "application/x-ndjson"
            case .csv: "text/csv"
            }
        }
    }

    @Argument(help: "runs or tasks.")
    var part: Part

    @OptionGroup var filter: HistoryFilterOptions

    @Option(name: .long, help: "ndjson, csv or json.")
    var format: Format = .ndjson

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let (client, console) = (try server.client(), CommandContext.current.console)
        var cursor: String?
        var isFirst = true
        if format == .json { try console.printExactly("[") }
        repeat {
            let page = try await client.text(
                ["api", "v1", part.rawValue], try filter.query + [("limit", "500"), ("cursor", cursor)],
                type: format.type)
            let text = written(page.text, isFirst: isFirst)
            if !text.isEmpty { try console.printExactly(text) }
            (cursor, isFirst) = (page.cursor, false)
        } while cursor != nil
        if format == .json { try console.printExactly("]") }
    }

    /// A page as it follows the one before it, without its last line end.
    private func written(_ text: String, isFirst: Bool) -> String {
        switch format {
        case .ndjson: return String(text.dropLast())
        case .csv:
            // A cell may hold line ends, the row with the names does not.
            let rows = isFirst ? text[...] : text.drop { $0 != "\r\n" }.dropFirst()
            return String(rows.dropLast())
        case .json:
            let lines = text.words(at: "\n").joined(separator: "\n, ")
            return isFirst || lines.isEmpty ? lines : ", " + lines
        }
    }
}
