import Diagnostics
public import Foundation

/// That a resource is left alone for a while: why, and until when.
public struct Suspension: Hashable, Sendable {
    /// Why, for whoever wonders; nil when nobody said.
    public let reason: String?
    /// When it ends by itself; nil when somebody has to end it.
    public let until: Date?

    /// Makes a suspension.
    public init(reason: String? = nil, until: Date? = nil) {
        self.reason = reason
        self.until = until
    }

    /// Whether it has not run out yet.
    public func holds(at time: Date) -> Bool { until.map { time < $0 } ?? true }
}

extension Suspension {
    private struct Written: Sendable {
        let reason: String?
        let until: Date?

        static let schema = Schema<Written>.object(
            .optional("reason", \.reason, .text, "Why it is left alone."),
            .optional("until", \.until, .time, "When it is taken up again by itself, as 2026-01-31T10:00:00Z."),
            make: Written.init)
    }

    /// `true` and `false`, or an object that says more; nil stands for `false`.
    static let schema = Schema<Suspension?>(
        description: ["oneOf": [Schema<Bool>.bool.description, Written.schema.description]],
        read: { node, findings in
            guard case .mapping = node.content else {
                return Schema<Bool>.bool.read(node, &findings).map { $0 ? Suspension() : nil }
            }
            return Written.schema.read(node, &findings).map { Suspension(reason: $0.reason, until: $0.until) }
        },
        write: { suspension in
            guard let suspension else { return false }
            guard suspension != Suspension() else { return true }
            return Written.schema.write(Written(reason: suspension.reason, until: suspension.until))
        })
}

extension Schema where Value == Date {
    /// A point in time with its offset, such as `2026-01-31T10:00:00Z`.
    static var time: Schema {
        Schema(
            description: ["type": "string", "format": "date-time"],
            read: { node, findings in
                let text: String? =
                    switch node.content {
                    case .plain(let text), .text(let text): text
                    case .list, .mapping: nil
                    }
                if let text, let time = try? Date.ISO8601FormatStyle().parse(text) { return time }
                findings.report(
                    .wrongType, at: node.location,
                    "expected a time such as 2026-01-31T10:00:00Z, found \(node.summary)")
                return nil
            },
            write: { .string($0.formatted(.iso8601)) })
    }
}

extension Suspension: CustomStringConvertible {
    /// `suspended until 2026-01-31T10:00:00Z: the platform moves`.
    public var description: String {
        let end = until.map { " until \($0.formatted(.iso8601))" } ?? ""
        return "suspended\(end)\(reason.map { ": \($0)" } ?? "")"
    }
}

extension Suspension {
    /// The suspension that a stored spec asks for; nil when it asks for none.
    public static func of(spec: JSONValue) -> Suspension? {
        guard let written = spec["suspend"] else { return nil }
        var findings = Findings()
        return schema.read(SourceNode(written, location: SourceLocation(file: "stored spec")), &findings) ?? nil
    }
}
