/// How a message looks, in Mustache: `{{name}}`, `{{#section}}…{{/section}}`, `{{^inverted}}…{{/inverted}}`, comments.
///
/// What comes from the outside of a template (partials, lambdas, other delimiters) is left out, and a name that stands for
/// nothing is a mistake. Lists are `objects` and, within it, `notices`, neither of them within itself, so that a message
/// grows with what there is to tell and never faster.
public struct NoticeTemplate: Hashable, Sendable {
    /// The longest template, in bytes.
    public static let limit = 4096
    /// How deep sections may stand in each other.
    static let depthLimit = 8

    /// The template as it was written.
    public let text: String
    private let parts: [Part]

    /// A piece of a template.
    indirect enum Part: Hashable, Sendable {
        case text(String)
        case variable(String)
        case section(String, isInverted: Bool, [Part])
    }

    /// Reads a template.
    public init(_ text: String) throws(NoticeTemplateMistake) {
        var reader = NoticeTemplateReader(text)
        parts = try reader.read()
        self.text = text
    }

    /// The text for some values: objects, lists, texts, numbers, truth values.
    ///
    /// - Parameters:
    ///   - limit: The most bytes that are made; what is beyond is not made.
    ///   - escape: Makes a value fit for where it goes. `{{{name}}}` is escaped as well: values come from anybody.
    public func render(_ values: JSONValue, limit: Int, escape: (String) -> String) -> String {
        var output = ""
        Self.render(parts, [values], limit, escape, &output)
        return output
    }

    /// Recurses no deeper than sections stand in each other.
    private static func render(
        _ parts: [Part], _ stack: [JSONValue], _ limit: Int, _ escape: (String) -> String, _ output: inout String
    ) {
        for part in parts where output.utf8.count < limit {
            switch part {
            case .text(let text): output += text
            case .variable(let name): output += escape(words(find(name, stack)))
            case .section(let name, isInverted: true, let parts):
                if !holds(find(name, stack)) { render(parts, stack, limit, escape, &output) }
            case .section(let name, isInverted: false, let parts):
                let value = find(name, stack)
                guard holds(value) else { continue }
                for element in value.array ?? [value] where output.utf8.count < limit {
                    render(parts, stack + [element], limit, escape, &output)
                }
            }
        }
    }

    private static func find(_ name: String, _ stack: [JSONValue]) -> JSONValue {
        for values in stack.reversed() {
            if let value = values[name] { return value }
        }
        return .null
    }

    private static func holds(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false), .integer(0), .string(""), .array([]): false
        case .bool, .integer, .number, .string, .array, .object: true
        }
    }

    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        case .bool(let value): String(value)
        case .null, .number, .array, .object: ""
        }
    }
}

/// What is wrong with a template, and where.
public struct NoticeTemplateMistake: Error, Hashable {
    /// The line within the template, from 1.
    public let line: Int
    /// The column within the line, from 1, in characters.
    public let column: Int
    /// What is wrong.
    public let message: String
}

extension NoticeTemplate {
    static let schema = Schema<NoticeTemplate>(
        description: ["type": "string", "minLength": 1, "maxLength": .integer(limit)],
        read: { node, findings in
            guard let text = Schema<String>.text.read(node, &findings) else { return nil }
            do throws(NoticeTemplateMistake) {
                return try NoticeTemplate(text)
            } catch {
                findings.report(
                    .invalidValue, at: node.location,
                    "line \(error.line), column \(error.column) of the template: \(error.message)",
                    hint: "docs/reference/kinds/notification-channel.md has the names that stand for something")
                return nil
            }
        }, write: { .string($0.text) })
}
