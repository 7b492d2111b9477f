import Diagnostics

/// The shape of a path: `/api/v1/runs/{id}/tasks`. `{name}` stands for one segment, `{name*}` for one or more.
struct RoutePattern: Hashable, Sendable, ExpressibleByStringLiteral {
    /// A part of a pattern.
    enum Part: Hashable, Sendable {
        case literal(String)
        case one(String)
        case several(String)
    }

    /// The pattern as it was written.
    let text: String
    /// Its parts.
    let parts: [Part]

    init(_ text: String) {
        self.text = text
        parts = text.words(at: "/").map { part in
            guard part.begins(with: "{"), part.ends(with: "}") else { return .literal(String(part)) }
            let name = part.dropFirst().dropLast()
            return name.ends(with: "*") ? .several(String(name.dropLast())) : .one(String(name))
        }
    }

    init(stringLiteral value: String) { self.init(value) }

    /// The names of the parameters, in order.
    var parameters: [String] {
        parts.compactMap { part in
            switch part {
            case .literal: nil
            case .one(let name), .several(let name): name
            }
        }
    }

    /// The path as OpenAPI writes it, which has no word for several segments.
    var template: String { text.replacingAll("*}", with: "}") }

    /// The segments that the parameters stand for, when the path has this shape. At most one part may be of several.
    func match(_ segments: [String]) -> [String: [String]]? {
        guard segments.count >= parts.count else { return nil }
        var found: [String: [String]] = [:]
        var rest = segments[...]
        for (index, part) in parts.enumerated() {
            switch part {
            case .literal(let text):
                guard rest.popFirst() == text else { return nil }
            case .one(let name):
                guard let segment = rest.popFirst(), !segment.isEmpty else { return nil }
                found[name] = [segment]
            case .several(let name):
                let count = rest.count - (parts.count - index - 1)
                found[name] = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
        }
        return rest.isEmpty ? found : nil
    }
}
