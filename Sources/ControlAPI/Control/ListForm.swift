import DesiredState
import Diagnostics
import StateStore

/// The form in which a list is answered: as the `Accept` header asks.
enum ListForm: Sendable {
    /// A document with the page and the cursor of the next.
    case document
    /// NDJSON: one element a line.
    case lines
    /// CSV as in RFC 4180, a row for the names of the columns first.
    case table

    /// The types that a list has beside JSON.
    static let otherTypes = ["application/x-ndjson", "text/csv"]

    /// The first of the accepted types that a list can have; JSON when nothing is said.
    init(_ call: Call, orElse refusal: CallFailure = .noForm) throws(CallFailure) {
        let ranges = call.headers.filter { $0.name.lowercased() == "accept" }.flatMap { $0.value.words(at: ",") }
            .map { $0.filter { !$0.isWhitespace }.lowercased() }
        // Of weights only the one that refuses counts.
        let types = ranges.filter { $0.firstMatch(of: /;q=0(\.0*)?$/) == nil }.map { String($0.prefix { $0 != ";" }) }
        guard !ranges.isEmpty else {
            self = .document
            return
        }
        for type in types {
            switch type {
            case "application/json", "application/*", "*/*":
                self = .document
                return
            case "application/x-ndjson", "application/jsonl":
                self = .lines
                return
            case "text/csv", "text/*":
                self = .table
                return
            default: break
            }
        }
        throw refusal
    }

    /// A page in this form. Where the next begins stands in the document, or in the header `Sluice-Next-Cursor`.
    /// - Parameter columns: What the rows of a table have, each a member of the elements.
    func answer<Element>(_ page: Page<Element>, columns: [String], _ element: (Element) -> JSONValue) -> Answer {
        var answer: Answer
        switch self {
        case .document: answer = Answer(Paging.body(page, element))
        case .lines:
            answer = Answer()
            answer.text = ("application/x-ndjson", page.elements.map { element($0).canonicalText + "\n" }.joined())
        case .table:
            let rows = page.elements.map(element).map { members in columns.map { members[$0] } }
            answer = Answer()
            answer.text = ("text/csv; charset=utf-8; header=present", CommaSeparated.text(columns, rows))
        }
        answer.headers.append(("Vary", "Accept"))
        if let next = page.next { answer.headers.append(("Sluice-Next-Cursor", next.description)) }
        return answer
    }
}

/// CSV.
enum CommaSeparated {
    /// A table with its header. Members that are no text or number are JSON in their cell.
    static func text(_ columns: [String], _ rows: [[JSONValue?]]) -> String {
        let lines = [columns] + rows.map { $0.map(cell) }
        return lines.map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
    }

    private static func cell(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null: ""
        case .string(let text): harmless(text)
        case .some(let value): value.canonicalText
        }
    }

    /// Names and messages are strangers' texts: one that a spreadsheet would take for a formula begins with an apostrophe.
    private static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) else { return text }
        return "'" + text
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
        return cell.quoted(by: "\"")
    }
}

extension CallFailure {
    static let noForm = CallFailure(
        .notAcceptable, "api.not-acceptable", "the list cannot be answered in the types that are accepted",
        hint: "accept application/json, application/x-ndjson or text/csv")
}
