import Diagnostics
import Yams

/// Turns the bytes of one YAML file into documents, within limits, and says where each node stands.
///
/// Only the parser of Yams is used. Its constructors are not: they expand aliases without measure and follow YAML 1.1
/// in what a text without quotes means.
///
/// The parser recurses as deep as the text nests (its own limit is 1000 levels, about 1.5 MiB of stack), so call this
/// on a thread of the cooperative pool or the main thread, not on one with a small stack.
struct YAMLComposer {
    private let file: String
    private let limits: ReadingLimits
    private var visits = 0

    private init(file: String, limits: ReadingLimits) {
        self.file = file
        self.limits = limits
    }

    /// The documents of a file that are not empty. Mistakes of the format end the file: they are reported, and what
    /// stands before them is still returned, so that its own mistakes are found too.
    static func documents(
        of bytes: [UInt8], file: String, limits: ReadingLimits, findings: inout Findings
    ) -> [SourceNode] {
        var composer = YAMLComposer(file: file, limits: limits)
        var documents: [SourceNode] = []
        var text = ""
        do {
            text = try SourceText.decode(bytes, file: file, limit: limits.fileSize)
            try AliasGrowth.check(text, file: file, limits: limits)
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let root = try parser.nextRoot() {
                let node = try composer.convert(root, depth: 0)
                if case .plain("") = node.content { continue }
                documents.append(node)
            }
        } catch let refusal as Refusal {
            findings.report(refusal)
        } catch let error as YamlError {
            findings.report(YAMLProblem.refusal(for: error, in: text, file: file))
        } catch {
            findings.report(Refusal(.syntax, SourceLocation(file: file), "the file cannot be read as YAML"))
        }
        return documents
    }

    private mutating func convert(_ node: Node, depth: Int) throws -> SourceNode {
        let location = SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
        visits += 1
        guard visits <= limits.nodes else {
            throw Refusal(.limit, location, "the file has more than \(limits.nodes) nodes, its aliases expanded")
        }
        guard depth < limits.depth else {
            throw Refusal(.limit, location, "lists and mappings are nested deeper than \(limits.depth) levels")
        }
        let content: SourceNode.Content
        switch node {
        case .scalar(let scalar):
            let isString = try checkTag(scalar.tag, among: ["tag:yaml.org,2002:str", "!"], at: location)
            content = scalar.style == .plain && !isString ? .plain(scalar.string) : .text(scalar.string)
        case .sequence(let sequence):
            try checkTag(sequence.tag, among: ["tag:yaml.org,2002:seq"], at: location)
            content = .list(try sequence.map { try convert($0, depth: depth + 1) })
        case .mapping(let mapping):
            try checkTag(mapping.tag, among: ["tag:yaml.org,2002:map"], at: location)
            content = .mapping(try mapping.map { try member($0.key, $0.value, depth: depth + 1) })
        case .alias:
            throw Refusal(.syntax, location, "an alias stands for nothing")
        }
        return SourceNode(content: content, location: location)
    }

    private mutating func member(_ key: Node, _ value: Node, depth: Int) throws -> SourceNode.Member {
        let isMerge = key.scalar.map { $0.style == .plain && $0.string == "<<" } ?? false
        let key = try convert(key, depth: depth)
        guard !isMerge else {
            throw Refusal(
                .syntax, key.location, "merge keys (<<) are not part of YAML 1.2 and are not read",
                hint: "write the keys out")
        }
        let text: String
        switch key.content {
        case .plain(let key), .text(let key): text = key
        case .list, .mapping: throw Refusal(.wrongType, key.location, "a key must be a text, found \(key.summary)")
        }
        return SourceNode.Member(key: text, keyLocation: key.location, value: try convert(value, depth: depth))
    }

    /// Whether the node is tagged; refuses tags that would make something else of it than it looks like.
    @discardableResult
    private func checkTag(_ tag: Tag, among known: [String], at location: SourceLocation) throws -> Bool {
        if tag.rawValue.isEmpty { return false }
        if known.contains(tag.rawValue) { return true }
        throw Refusal(
            .syntax, location, "the tag \(tag.rawValue.quotedForMessage) is not read", hint: "leave it out")
    }
}

/// A mistake that ends the reading of a file.
struct Refusal: Error {
    let code: FindingCode
    let location: SourceLocation
    let message: String
    let hint: String?

    init(_ code: FindingCode, _ location: SourceLocation, _ message: String, hint: String? = nil) {
        self.code = code
        self.location = location
        self.message = message
        self.hint = hint
    }
}

extension Findings {
    /// Notes the mistake that ended a file.
    mutating func report(_ refusal: Refusal) {
        report(refusal.code, at: refusal.location, path: "", refusal.message, hint: refusal.hint)
    }
}
