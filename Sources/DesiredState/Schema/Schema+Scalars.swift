import Diagnostics

extension Schema where Value == String {
    /// Any text that is not empty. A text that YAML could take for something else needs quotes.
    static var text: Schema {
        Schema(
            description: ["type": "string", "minLength": 1],
            read: { node, findings in
                switch node.content {
                case .text(let text): return text.isEmpty ? empty(node, &findings) : text
                case .plain(let text):
                    switch PlainScalar(text) {
                    case .text: return text
                    case .null: return empty(node, &findings)
                    case .bool, .legacyBool, .integer, .number, .ambiguousNumber, .date:
                        findings.report(
                            .wrongType, at: node.location, "expected a text, found \(node.summary)",
                            hint: "write \(text.quotedForMessage) in quotes if a text is meant")
                        return nil
                    }
                case .list, .mapping:
                    findings.report(.wrongType, at: node.location, "expected a text, found \(node.summary)")
                    return nil
                }
            },
            write: { .string($0) })
    }

    private static func empty(_ node: SourceNode, _ findings: inout Findings) -> String? {
        findings.report(.invalidValue, at: node.location, "the value is empty", hint: "leave the key out, or fill it")
        return nil
    }

    /// A text that obeys a rule; `expected` names the rule in a message.
    static func text(
        expected: String, pattern: String? = nil, where isValid: @escaping @Sendable (String) -> Bool
    ) -> Schema {
        let rule = text.checked { value, node, findings in
            guard !isValid(value) else { return }
            findings.report(
                .invalidValue, at: node.location, "\(value.quotedForMessage) is not allowed, expected \(expected)")
        }
        guard let pattern else { return rule }
        return Schema(
            description: rule.description.adding(["pattern": .string(pattern)]), read: rule.read, write: rule.write)
    }

    /// A text of which the empty one is as good as any.
    static var anyText: Schema {
        Schema(
            description: ["type": "string"],
            read: { node, findings in
                if case .text("") = node.content { "" } else { text.read(node, &findings) }
            }, write: { .string($0) })
    }
}

extension Schema where Value == Bool {
    /// `true` or `false`.
    static var bool: Schema {
        Schema(
            description: ["type": "boolean"],
            read: { node, findings in
                if case .plain(let text) = node.content {
                    switch PlainScalar(text) {
                    case .bool(let value): return value
                    case .legacyBool(let value):
                        findings.report(
                            .wrongType, at: node.location, "expected true or false, found \(text)",
                            hint: "write \(value)")
                        return nil
                    default: break
                    }
                }
                findings.report(.wrongType, at: node.location, "expected true or false, found \(node.summary)")
                return nil
            },
            write: { .bool($0) })
    }
}

extension Schema where Value == Int {
    /// A whole number of a range.
    static func integer(_ range: ClosedRange<Int>) -> Schema {
        Schema(
            description: [
                "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
            ],
            read: { node, findings in
                if case .plain(let text) = node.content {
                    switch PlainScalar(text) {
                    case .integer(let value):
                        if range.contains(value) { return value }
                        findings.report(
                            .invalidValue, at: node.location,
                            "\(value) is not allowed, expected a number from \(range.lowerBound) to \(range.upperBound)"
                        )
                        return nil
                    case .ambiguousNumber:
                        findings.report(
                            .wrongType, at: node.location, "versions of YAML disagree on the number \(text)",
                            hint: "write it in decimal digits without leading zeros")
                        return nil
                    default: break
                    }
                }
                findings.report(.wrongType, at: node.location, "expected a whole number, found \(node.summary)")
                return nil
            },
            write: { .integer($0) })
    }

    /// A number of bytes with a unit, such as `512MiB`.
    static func size(_ range: ClosedRange<Int>) -> Schema {
        quantity(
            "a size", example: "512MiB", units: ByteSize.units, parse: ByteSize.parse, format: ByteSize.format,
            isAllowed: range.contains,
            bounds: "from \(ByteSize.format(range.lowerBound)) to \(ByteSize.format(range.upperBound))")
    }
}

extension Schema where Value == Duration {
    /// A length of time with units, such as `90s` or `1h30m`.
    static func duration(from least: Duration, to most: Duration) -> Schema {
        quantity(
            "a duration", example: "90s", units: ConfigurationDuration.units, parse: ConfigurationDuration.parse,
            format: ConfigurationDuration.format, isAllowed: { least <= $0 && $0 <= most },
            bounds: "from \(ConfigurationDuration.format(least)) to \(ConfigurationDuration.format(most))")
    }
}

extension Schema {
    /// A number with a unit in one text.
    fileprivate static func quantity(
        _ name: String, example: String, units: [String], parse: @escaping @Sendable (String) -> Value?,
        format: @escaping @Sendable (Value) -> String, isAllowed: @escaping @Sendable (Value) -> Bool, bounds: String
    ) -> Schema {
        Schema(
            description: ["type": "string", "examples": [.string(example)]],
            read: { node, findings in
                let text: String
                switch node.content {
                case .text(let quoted): text = quoted
                case .plain(let plain): text = plain
                case .list, .mapping: text = ""
                }
                guard let value = parse(text) else {
                    let unit = Int(text).flatMap { _ in units.first { parse("\(text)\($0)").map(isAllowed) == true } }
                    let hint = unit.map { "a number alone has no unit: is \(text)\($0) meant?" }
                    findings.report(
                        .wrongType, at: node.location,
                        "expected \(name) such as \(example) (units \(units.joined(separator: ", "))), "
                            + "found \(node.summary)", hint: hint)
                    return nil
                }
                guard isAllowed(value) else {
                    findings.report(
                        .invalidValue, at: node.location, "\(text) is not allowed, expected \(name) \(bounds)")
                    return nil
                }
                return value
            },
            write: { .string(format($0)) })
    }
}

extension Schema where Value: RawRepresentable<String> & CaseIterable {
    /// One word of a list.
    static var choice: Schema {
        let known = Value.allCases.map(\.rawValue)
        return Schema(
            description: ["enum": .array(known.map { .string($0) })],
            read: { node, findings in
                guard let word = Schema<String>.text.read(node, &findings) else { return nil }
                if let value = Value(rawValue: word) { return value }
                let hint = Suggestion.nearest(to: word, in: known).map { "did you mean \"\($0)\"?" }
                findings.report(
                    .invalidValue, at: node.location,
                    "\(word.quotedForMessage) is not known, expected \(known.joined(separator: " or "))", hint: hint)
                return nil
            },
            write: { .string($0.rawValue) })
    }

    /// One word of a list, among them `off`: to YAML 1.1 that is a truth value, but here nothing else can be meant.
    static func choice(with off: Value) -> Schema where Value: Sendable {
        let words = choice
        return Schema(
            description: words.description,
            read: { node, findings in
                if case .plain(off.rawValue) = node.content { return off }
                return words.read(node, &findings)
            }, write: words.write)
    }
}
