package import DesiredState
import Diagnostics

/// A request as a wire's handler sees it: routed, decoded, and by somebody.
package struct Call: Sendable {
    /// The method.
    package let method: String
    /// The path as it came, percent-encoded, without the query.
    package let path: String
    /// What the pattern's names stand for, decoded.
    package var parameters: [String: String] = [:]
    /// The query, decoded, in order.
    package let query: [(name: String, value: String)]
    /// The headers, names in lower case.
    package let headers: [String: String]
    /// The body as it came.
    package let body: [UInt8]
    /// The members of the body (JSON or a form) over those of the query: hosts that are made with Rails take either.
    package let input: JSONValue
    /// Who asks; nil for nobody in particular.
    package var account: StoredAccount?
    /// The token they came with.
    package var token: StoredToken?
    /// How we are called in this request: `http://127.0.0.1:8080`.
    package let baseURL: String
    /// What is to go wrong with the pages of a list.
    package var pageFault: Fault.Effect?

    /// What a name in the pattern stands for; empty when the pattern has none of that name.
    package func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The first value of a query parameter that is not empty.
    package func value(_ name: String) -> String? { query.first { $0.name == name && !$0.value.isEmpty }?.value }

    /// All values of a query parameter.
    package func values(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }

    /// A text of the body or the query.
    package func text(_ name: String) -> String? {
        switch input[name] {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// A truth value of the body or the query, in the forms that Rails takes.
    package func flag(_ name: String) -> Bool? {
        switch input[name] {
        case .bool(let value): value
        case .string("true"), .string("1"), .integer(1): true
        case .string("false"), .string("0"), .integer(0): false
        default: nil
        }
    }

    /// A list of texts: a JSON list, or one text with commas.
    package func list(_ name: String) -> [String]? {
        switch input[name] {
        case .array(let values): values.compactMap(\.string)
        case .string(let text): text.words(at: ",").map { $0.trimming(" ") }
        default: nil
        }
    }
}

extension StringProtocol {
    /// Without this character at both ends.
    func trimming(_ character: Character) -> String {
        var text = Substring(self)
        while text.first == character { text.removeFirst() }
        while text.last == character { text.removeLast() }
        return String(text)
    }
}
