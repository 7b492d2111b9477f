import Diagnostics

/// Reads a template line by line. A section's tag or a comment that stands alone on its line takes the line with it.
struct NoticeTemplateReader {
    private typealias Part = NoticeTemplate.Part

    /// A section that is open.
    private struct Open {
        let name: String
        let isInverted: Bool
        let place: (line: Int, column: Int)
        var parts: [Part] = []
    }

    private let text: String
    private var open: [Open] = []
    private var parts: [Part] = []

    /// What stands for something everywhere.
    static let names = ["channel", "count", "more", "warning", "objects"]
    /// What stands for something within `objects`.
    static let objectNames = ["kind", "name", "key", "title", "by", "url", "notices"]
    /// What stands for something within `notices`.
    static let noticeNames = ["reason", "message", "severity", "time"]

    init(_ text: String) { self.text = text }

    mutating func read() throws(NoticeTemplateMistake) -> [NoticeTemplate.Part] {
        guard text.utf8.count <= NoticeTemplate.limit else {
            throw NoticeTemplateMistake(
                line: 1, column: 1, message: "it is longer than \(NoticeTemplate.limit) bytes")
        }
        let lines = text.parts(at: "\n")
        for (index, line) in lines.enumerated() {
            try read(line, number: index + 1, isLast: index == lines.count - 1)
        }
        guard let last = open.last else { return parts }
        throw NoticeTemplateMistake(
            line: last.place.line, column: last.place.column,
            message: "the section \(last.name.quotedForMessage) has no end")
    }

    private mutating func read(_ line: Substring, number: Int, isLast: Bool) throws(NoticeTemplateMistake) {
        let trimmed = line.drop { $0 == " " || $0 == "\t" }
        let isAlone = trimmed.wholeMatch(of: /\{\{[#^\/!][^{}]*\}\}[ \t\r]*/) != nil
        var rest = isAlone ? trimmed : line
        var column = line.count - rest.count + 1
        while let start = rest.exactRange(of: "{{") {
            add(.text(String(rest[..<start.lowerBound])))
            column += rest.distance(from: rest.startIndex, to: start.lowerBound)
            rest = rest[start.upperBound...]
            let isTriple = rest.begins(with: "{")
            guard let end = rest.exactRange(of: isTriple ? "}}}" : "}}") else {
                throw NoticeTemplateMistake(line: number, column: column, message: "the tag has no end on its line")
            }
            let tag = rest[..<end.lowerBound].dropFirst(isTriple ? 1 : 0)
            try take(tag, isTriple: isTriple, at: (number, column))
            column += 2 + rest.distance(from: rest.startIndex, to: end.upperBound)
            rest = rest[end.upperBound...]
        }
        guard !isAlone else { return }
        add(.text(String(rest) + (isLast ? "" : "\n")))
    }

    private mutating func take(
        _ tag: Substring, isTriple: Bool, at place: (line: Int, column: Int)
    ) throws(NoticeTemplateMistake) {
        func mistake(_ message: String) -> NoticeTemplateMistake {
            NoticeTemplateMistake(line: place.line, column: place.column, message: message)
        }
        let sign = tag.first
        let name = (isTriple ? tag : tag.drop { "#^/!&>=<$%*".contains($0) })
            .trimmingPrefix { $0 == " " }.words(at: " ", maxSplits: 1).map(String.init).joined(separator: " ")
        switch sign {
        case "!" where !isTriple: return
        case "/" where !isTriple:
            guard let last = open.popLast() else { throw mistake("no section is open here") }
            guard last.name == name else {
                throw mistake("the section that is open here is \(last.name.quotedForMessage)")
            }
            add(.section(last.name, isInverted: last.isInverted, last.parts))
        case "#" where !isTriple, "^" where !isTriple:
            try check(name, mistake)
            guard open.count < NoticeTemplate.depthLimit else {
                throw mistake("sections stand too deep in each other: \(NoticeTemplate.depthLimit) at most")
            }
            guard sign == "^" || !open.contains(where: { $0.name == name && !$0.isInverted }) else {
                throw mistake("the section \(name.quotedForMessage) stands within itself")
            }
            open.append(Open(name: name, isInverted: sign == "^", place: place))
        case ">", "=", "<", "$", "%", "*":
            throw mistake("partials, blocks, pragmas and other delimiters are not understood")
        default:
            try check(name, mistake)
            guard name != "objects", name != "notices" else {
                throw mistake("\(name) is a list: write {{#\(name)}}…{{/\(name)}}")
            }
            add(.variable(name))
        }
    }

    private func check(
        _ name: String, _ mistake: (String) -> NoticeTemplateMistake
    ) throws(NoticeTemplateMistake) {
        var known = Self.names
        let around = open.filter { !$0.isInverted }.map(\.name)
        if around.contains("objects") { known += Self.objectNames }
        if around.contains("notices") { known += Self.noticeNames }
        guard !known.contains(name) else { return }
        let nearest = Suggestion.nearest(to: name, in: known).map { ": did you mean \($0)?" }
        throw mistake(
            "\(name.quotedForMessage) stands for nothing here"
                + (nearest ?? "; there are: \(known.joined(separator: ", "))"))
    }

    private mutating func add(_ part: Part) {
        if case .text("") = part { return }
        if open.isEmpty { parts.append(part) } else { open[open.count - 1].parts.append(part) }
    }
}
