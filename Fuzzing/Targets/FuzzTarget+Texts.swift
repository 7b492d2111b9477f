import Diagnostics
import PostgresClient

@testable import Changelog

extension FuzzTarget {
    /// The small languages inside of changelogs.
    static let texts: [FuzzTarget] = [
        FuzzTarget(name: "csv") { bytes in
            let text = String(decoding: bytes.dropFirst(2), as: UTF8.self)
            var reader = CSVReader()
            if let separator = bytes.first { reader.separator = Unicode.Scalar(separator) }
            if bytes.count > 1 { reader.quote = bytes[1] == 0 ? nil : Unicode.Scalar(bytes[1]) }
            guard let rows = try? reader.rows(text) else { return }
            let values = rows.joined().map(\.utf8.count)
            promise(values.reduce(0, +) <= text.utf8.count, "no value holds what the file does not")
        },
        FuzzTarget(name: "expressions") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            // Lines `name=value` define, the rest is expanded.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            var values: [String: String] = [:]
            for line in lines {
                let pair = line.split(separator: "=", maxSplits: 1)
                if pair.count == 2 { values[String(pair[0]).lowercased()] = String(pair[1]) }
            }
            let limits = ChangelogLimits()
            var expander = PropertyExpander(ChangelogParameters(), limits: limits)
            guard let expanded = try? expander.expand(text, value: { values[$0.lowercased()] }) else { return }
            promise(
                expanded.utf8.count <= text.utf8.count + limits.expandedBytes + text.utf8.count,
                "expansion keeps to its budget")
        },
        FuzzTarget(name: "filters") { bytes in
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1)
            let expression = parts.first.map(String.init), words = parts.last.map(String.init)
            _ = ContextExpression(expression)?.matches(RuntimeContexts(words))
            _ = LabelExpression(expression)?.matches(labels: words)
            _ = DbmsList.matches(expression, ignoringCase: true)
        },
        FuzzTarget(name: "paths") { bytes in
            let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1).map(String.init)
            guard let written = parts.first else { return }
            for sibling in [nil, "a/b/c.xml", "c.xml"] {
                guard let path = try? ChangelogPath(written, besides: sibling) else { continue }
                let names = path.normalized.split(separator: "/", omittingEmptySubsequences: false)
                promise(!names.contains("..") && !names.contains("."), "a path has no dots left")
                promise(path.normalized.isEmpty || !names.contains(""), "a path has no empty name")
                let again = try? ChangelogPath(path.normalized)
                promise(again?.normalized == path.normalized, "a normal path is its own normal form")
            }
            let context = DecodingContext(source: MemorySource([:]), file: "a/b/c.xml")
            for relative in [true, false] {
                guard let path = try? context.path(written, relativeToChangelog: relative) else { continue }
                let names = path.normalized.split(separator: "/")
                promise(!names.contains(".."), "no file of a change lies above the root")
            }
            let files = parts.last?.split(separator: "\n").map(String.init) ?? []
            _ = IncludeAllSelection(suffix: "l").apply(to: files, below: "")
        },
        FuzzTarget(name: "properties-file") { bytes in _ = PropertiesFile.read(bytes) },
        FuzzTarget(name: "values") { bytes in
            for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init) {
                _ = YAMLScalar(plain: line)
                _ = ISODate.normalized(line)
                let type = DataType(line)
                _ = type.sql
                _ = DataType(type.sql).sql
                _ = Checksum(line)?.description
                _ = Checksum.of(line, version: .v8)
                _ = SQLValue.string(line)
                _ = try? PostgresConfiguration(uri: Secret(line))
            }
        },
    ]
}
