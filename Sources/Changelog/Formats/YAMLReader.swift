import Diagnostics
import Yams

/// Reads YAML and JSON changelogs. JSON goes the same way as in Liquibase: as the YAML that it nearly is.
///
/// Yams only composes nodes; they are walked here under a budget, because an alias costs nothing to compose and
/// everything to expand.
struct YAMLReader {
    private let file: String
    private let format: ChangelogFormat
    private let limits: ChangelogLimits
    private var budget: Int

    static func read(
        _ bytes: [UInt8], file: String, format: ChangelogFormat, limits: ChangelogLimits, into findings: inout Findings
    ) -> ChangelogDocument? {
        guard let text = SourceText.decode(bytes, file: file, into: &findings) else { return nil }
        guard let root = compose(text, file: file, into: &findings) else { return nil }
        var reader = YAMLReader(file: file, format: format, limits: limits, budget: budget(of: text, limits: limits))
        do throws(Stop) {
            return try reader.document(root, into: &findings)
        } catch {
            findings.error(error.code, at: error.location, error.message)
            return nil
        }
    }

    /// Without aliases no element is shorter than two bytes, so the size of the text is more than a file can need: only
    /// aliases that multiply reach it. Small files may use aliases freely.
    private static func budget(of text: String, limits: ChangelogLimits) -> Int {
        min(limits.nodesPerFile, max(50_000, text.utf8.count))
    }

    /// Ends the reading of a file: a limit is passed.
    private struct Stop: Error {
        var code: String
        var location: SourceLocation
        var message: String
    }

    private static func compose(_ text: String, file: String, into findings: inout Findings) -> Node? {
        guard !YAMLAliases.couldExplode(text) else {
            findings.error(
                "changelog.yaml.key", at: SourceLocation(file: file),
                "keys that are lists, mappings or aliases are not allowed in a file with many aliases")
            return nil
        }
        do {
            guard let root = try Parser(yaml: text, resolver: .basic).singleRoot(), !isNull(root) else {
                findings.error("changelog.empty-file", at: SourceLocation(file: file), "the file is empty")
                return nil
            }
            return root
        } catch {
            let failure = YAMLFailure(error, file: file)
            findings.error(failure.code, at: failure.location, failure.message)
            return nil
        }
    }

    private static func isNull(_ node: Node) -> Bool {
        guard case .scalar(let scalar) = node, case .null = YAMLScalar(scalar) else { return false }
        return true
    }

    private mutating func document(_ root: Node, into findings: inout Findings) throws(Stop) -> ChangelogDocument? {
        guard case .mapping(let mapping) = root,
            let entry = mapping.first(where: { $0.key.scalar?.string == "databaseChangeLog" })
        else {
            findings.error(
                "changelog.root", at: location(root), "there is no 'databaseChangeLog' at the top of the file")
            return nil
        }
        if Self.isNull(entry.value) { return ChangelogDocument(format: format, nodes: []) }
        guard case .sequence(let entries) = entry.value else {
            findings.error(
                "changelog.root", at: location(entry.value), "'databaseChangeLog' must hold a list",
                hint: "each changeset begins with '- changeSet:'")
            return nil
        }
        var root = ChangelogNode(name: "databaseChangeLog", location: location(entry.key))
        try fill(&root, items: entries, depth: 1, into: &findings)
        return ChangelogDocument(format: format, nodes: root.children)
    }

    /// Gives a node what stands behind its key: a scalar is its value, a mapping its children, and a list of mappings
    /// the children of them all.
    private mutating func fill(
        _ node: inout ChangelogNode, with value: Node, depth: Int, into findings: inout Findings
    ) throws(Stop) {
        switch value {
        case .scalar(let scalar): node.value = text(scalar, into: &findings)
        case .mapping(let mapping): node.children += try children(of: mapping, depth: depth, into: &findings)
        case .sequence(let sequence): try fill(&node, items: sequence, depth: depth, into: &findings)
        case .alias:
            findings.error("changelog.yaml", at: location(value), "the alias stands for nothing")
        }
    }

    /// The children that a mapping stands for: merged ones first, without the keys that the mapping has itself.
    private mutating func children(
        of mapping: Node.Mapping, depth: Int, into findings: inout Findings
    ) throws(Stop) -> [ChangelogNode] {
        var own: [ChangelogNode] = []
        var merged: [ChangelogNode] = []
        for (key, value) in mapping {
            try spend(at: key, depth: depth)
            guard case .scalar(let name) = key else {
                findings.error("changelog.yaml.key", at: location(key), "a key must be a single word")
                continue
            }
            if name.string == "<<", name.style == .plain {
                merged += try mergedChildren(value, depth: depth, into: &findings)
            } else {
                var child = ChangelogNode(name: name.string, location: location(key))
                try fill(&child, with: value, depth: depth + 1, into: &findings)
                own.append(child)
            }
        }
        var known = Set(own.map(\.name))
        return merged.filter { known.insert($0.name).inserted } + own
    }

    private mutating func mergedChildren(
        _ value: Node, depth: Int, into findings: inout Findings
    ) throws(Stop) -> [ChangelogNode] {
        let sources: [Node]
        if case .sequence(let sequence) = value { sources = Array(sequence) } else { sources = [value] }
        var merged: [ChangelogNode] = []
        for source in sources {
            guard case .mapping(let mapping) = source else {
                findings.error("changelog.yaml.merge", at: location(value), "'<<' must name a mapping")
                continue
            }
            merged += try children(of: mapping, depth: depth + 1, into: &findings)
        }
        return merged
    }

    private mutating func fill(
        _ node: inout ChangelogNode, items: Node.Sequence, depth: Int, into findings: inout Findings
    ) throws(Stop) {
        var scalars: [ChangelogNode] = []
        for item in items {
            try spend(at: item, depth: depth)
            switch item {
            case .mapping(let mapping): node.children += try children(of: mapping, depth: depth + 1, into: &findings)
            case .scalar(let scalar):
                scalars.append(ChangelogNode(name: "", value: text(scalar, into: &findings), location: location(item)))
            case .sequence, .alias:
                findings.error("changelog.yaml.list", at: location(item), "a list stands directly in a list")
            }
        }
        if scalars.count == 1 {
            node.value = scalars[0].value
        } else {
            node.children += scalars
        }
    }

    private func text(_ scalar: Node.Scalar, into findings: inout Findings) -> String? {
        switch YAMLScalar(scalar) {
        case .null: return nil
        case .text(let text): return text
        case .unknownTag(let tag):
            findings.error(
                "changelog.yaml.tag", at: location(.scalar(scalar)), "the tag '\(tag)' is not allowed in a changelog")
            return nil
        }
    }

    private mutating func spend(at node: Node, depth: Int) throws(Stop) {
        budget -= 1
        if budget < 0 {
            throw Stop(
                code: "changelog.too-large", location: location(node),
                message: "the file holds too many elements once its aliases are followed")
        }
        if depth > limits.nodeDepth {
            throw Stop(
                code: "changelog.too-deep", location: location(node),
                message: "elements stand more than \(limits.nodeDepth) deep")
        }
    }

    private func location(_ node: Node) -> SourceLocation {
        SourceLocation(file: file, line: node.mark?.line, column: node.mark?.column)
    }
}
