import ArgumentParser
import DesiredState
import Terminal

/// How answers look.
struct OutputOptions: ParsableArguments {
    /// The forms there are.
    enum Format: String, ExpressibleByArgument, CaseIterable, Sendable {
        case table, wide, json, yaml, name
    }

    @Option(
        name: .shortAndLong, help: "table, wide, json, yaml or name; json and yaml are the API's own documents.")
    var output: Format = .table

    @Flag(name: .long, help: "Leave out the line with the names of the columns.")
    var noHeaders = false

    /// Prints a document, or the table that is made of it.
    func print(_ document: JSONValue, name: (JSONValue) -> String?, table: (_ isWide: Bool) -> Table) throws {
        let console = CommandContext.current.console
        switch output {
        case .json: try console.printExactly(document.prettyText)
        case .yaml: try console.printExactly(String(YAMLText.of(document).dropLast()))
        case .name:
            for item in document["items"]?.array ?? [document] {
                if let name = name(item) { try console.print(name.oneLine) }
            }
        case .table, .wide:
            let table = table(output == .wide)
            if table.isEmpty {
                console.say("nothing found")
            } else {
                for line in table.lines(withHeader: !noHeaders) { try console.print(line) }
            }
        }
    }
}
