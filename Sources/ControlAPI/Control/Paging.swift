import DesiredState
import Diagnostics
import Foundation
import StateStore

/// How the lists of the control interface are cut into pages and filtered.
enum Paging {
    /// The parameters of every list.
    static let parameters: [Route.Parameter] = [
        Route.Parameter(
            name: "limit", summary: "How many elements at most.",
            schema: ["type": "integer", "minimum": 1, "maximum": .integer(PageRequest.maximumLimit), "default": 50]),
        Route.Parameter(name: "cursor", summary: "The `nextCursor` of the page before, to go on from there."),
    ]

    /// How many elements are asked for.
    static func limit(_ call: Call) throws(CallFailure) -> Int {
        guard let text = call.value("limit") else { return 50 }
        guard let limit = Int(text), (1...PageRequest.maximumLimit).contains(limit) else {
            throw .badParameter("limit", "a number from 1 to \(PageRequest.maximumLimit)")
        }
        return limit
    }

    /// The page of a history that is asked for.
    static func page(_ call: Call) throws -> PageRequest {
        PageRequest(limit: try limit(call), after: try call.value("cursor").map { try HistoryCursor($0) })
    }

    /// A page as it is answered.
    static func body<Element>(_ page: Page<Element>, _ element: (Element) -> JSONValue) -> JSONValue {
        ["items": .array(page.elements.map(element)), "nextCursor": .optional(page.next?.description)]
    }
}

extension Call {
    /// The words of a parameter, each one of the known.
    func words<Word: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String, of type: Word.Type
    ) throws(CallFailure) -> Set<Word> {
        var words: Set<Word> = []
        for text in values(name) {
            guard let word = Word(rawValue: text) else {
                throw .badParameter(name, "one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            words.insert(word)
        }
        return words
    }

    /// A point in time, such as `2026-01-31T10:00:00Z`.
    func time(_ name: String) throws(CallFailure) -> Date? {
        guard let text = value(name) else { return nil }
        // Whoever forgets to encode a plus sign means an offset, not a space.
        let written = text.replacingAll(" ", with: "+")
        for withFraction in [false, true] {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: withFraction)
            if let date = try? style.parse(written) { return date }
        }
        throw .badParameter(name, "a time such as 2026-01-31T10:00:00Z")
    }

    /// A length of time, such as `90s`.
    func duration(_ name: String) throws(CallFailure) -> Duration? {
        guard let text = value(name) else { return nil }
        guard let duration = ConfigurationDuration.parse(text) else {
            throw .badParameter(name, "a length of time such as 90s, 1h30m or 90d")
        }
        return duration
    }

    /// The id of a run.
    func runID(_ name: String) throws(CallFailure) -> Int64 {
        guard let id = Int64(parameter(name)), id > 0 else { throw .noRun }
        return id
    }

    /// A truth value; false when it is left out.
    func flag(_ name: String) throws(CallFailure) -> Bool {
        switch value(name) {
        case nil, "false": return false
        case "true": return true
        default: throw .badParameter(name, "true or false")
        }
    }

    /// A number of a range; nil when it is left out.
    func number(_ name: String, in range: ClosedRange<Int>) throws(CallFailure) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .badParameter(name, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The object to which a list is restricted by the parameters `kind` and `name`; nil for all.
    var objectFilter: ResourceKey? {
        get throws(CallFailure) {
            switch (value("kind"), value("name")) {
            case (let kind?, let name?): return ResourceKey(kind: kind, name: name)
            case (nil, nil): return nil
            default: throw .badParameter("kind", "it together with name")
            }
        }
    }

    /// A key whose name stands in the path, slashes and all.
    var resourceKey: ResourceKey {
        ResourceKey(kind: parameter("kind"), components: parameters["name"] ?? [])
    }
}

extension CallFailure {
    static func badParameter(_ name: String, _ expected: String) -> CallFailure {
        CallFailure(.badRequest, "api.invalid-parameter", "the parameter \(name) is not valid, expected \(expected)")
    }

    static let noRun = CallFailure(.notFound, "run.unknown", "there is no such run")
}
