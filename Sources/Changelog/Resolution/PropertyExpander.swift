import Diagnostics

/// Replaces `${name}` in texts. Names may hold expressions themselves, values too; both within limits.
struct PropertyExpander {
    /// Why a text cannot be expanded.
    enum Failure: Error, Equatable {
        /// Expressions refer to each other without end, or nest too deep.
        case tooDeep(String)
        /// The values are too large.
        case tooLarge
        /// Nothing defines the name, and that is an error here.
        case unknown(String)
    }

    let missing: ChangelogParameters.MissingProperty
    let unescapesColon: Bool
    let depthLimit: Int
    /// Bytes that values may still add.
    private var budget: Int
    /// Bytes that values have added.
    private(set) var spent = 0

    init(_ parameters: ChangelogParameters, limits: ChangelogLimits) {
        missing = parameters.missingProperty
        unescapesColon = parameters.unescapesColon
        depthLimit = limits.propertyDepth
        budget = limits.expandedBytes
    }

    /// Lowers the budget to what is left of another one.
    mutating func share(_ left: Int) { budget = min(budget, left) }

    /// The text with every expression replaced by what `value` says of its name.
    mutating func expand(_ text: String, value: (String) -> String?) throws(Failure) -> String {
        try expand(text, depth: 0, value)
    }

    private mutating func expand(_ text: String, depth: Int, _ value: (String) -> String?) throws(Failure) -> String {
        var rest = text.utf8[...]
        guard rest.contains(UInt8(ascii: "$")) else { return text }
        guard depth < depthLimit else { throw .tooDeep(String(text.prefix(80))) }
        return try scan(&rest, isExpression: false, depth: depth, value)
    }

    /// Reads up to the end, or up to the brace that closes the expression.
    private mutating func scan(
        _ rest: inout Substring.UTF8View, isExpression: Bool, depth: Int, _ value: (String) -> String?
    ) throws(Failure) -> String {
        var result = ""
        while let mark = rest.firstIndex(where: { $0 == UInt8(ascii: "$") || isExpression && $0 == UInt8(ascii: "}") })
        {
            result += Substring(rest[..<mark])
            let sign = rest[mark]
            rest = rest[rest.index(after: mark)...]
            if sign == UInt8(ascii: "}") { return result }
            guard rest.first == UInt8(ascii: "{") else {
                result += "$"
                continue
            }
            rest = rest.dropFirst()
            guard depth < depthLimit else { throw .tooDeep(String(Substring(rest).prefix(80))) }
            let name = try scan(&rest, isExpression: true, depth: depth + 1, value)
            let replacement = try self.replacement(of: name, depth: depth, value)
            spent += replacement.utf8.count
            guard spent <= budget else { throw .tooLarge }
            result += replacement
        }
        result += Substring(rest)
        rest = rest[rest.endIndex...]
        // A brace that is never closed: the text stays as it is.
        return isExpression ? "${" + result : result
    }

    private mutating func replacement(
        of name: String, depth: Int, _ lookUp: (String) -> String?
    ) throws(Failure) -> String {
        if name.begins(with: "${") { return name }
        if unescapesColon, name.begins(with: ":") { return "${" + name.dropFirst().javaTrimmed + "}" }
        if let value = lookUp(name.javaTrimmed) { return try expand(value, depth: depth + 1, lookUp) }
        switch missing {
        case .preserve: return "${" + name + "}"
        case .empty: return ""
        case .error: throw .unknown(name)
        }
    }
}
