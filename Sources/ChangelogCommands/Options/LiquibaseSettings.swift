import Changelog
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// What environment and defaults file say about options: what the command line leaves out, they give.
///
/// As in Liquibase the environment wins over the file, and `liquibase.local.properties` over `liquibase.properties`.
struct LiquibaseSettings: Sendable {
    /// Reads a file; nil when there is none.
    typealias FileReader = (_ path: String) throws -> [UInt8]?

    /// One source of values.
    private struct Layer: Sendable {
        /// What it is called in messages.
        let name: String
        /// Its keys as they are written, and the values.
        let values: [(key: String, value: String)]
        /// Whether names may stand there without `liquibase.` and `liquibase.command.`.
        let takesBareNames: Bool

        func value(_ keys: [String]) -> String? {
            for key in keys {
                if let pair = values.first(where: { LiquibaseOption.key($0.key) == key }) { return pair.value }
            }
            return nil
        }
    }

    private var layers: [Layer] = []

    /// Reads the environment.
    init(environment: [String: String]) {
        let values = environment.filter { $0.key.lowercased().begins(with: "liquibase") && !$0.value.isEmpty }
            .filter {
                !["liquibasehome", "liquibaselauncher"].contains(where: LiquibaseOption.key($0.key).begins(with:))
            }
        layers = [
            Layer(
                name: "the environment", values: values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
                takesBareNames: false)
        ]
    }

    /// Reads the defaults file, and the local one that may stand beside it.
    ///
    /// - Returns: Whether there is one.
    @discardableResult
    mutating func read(_ path: String, _ readFile: FileReader = Self.file) throws -> Bool {
        let suffix = ".properties"
        let local = path.rest(before: suffix).map { "\($0).local\(suffix)" }
        var isThere = false
        for file in [local, path].compactMap(\.self) {
            guard let bytes = try readFile(file) else { continue }
            isThere = true
            let values = PropertiesFile.read(bytes).map { ($0.name, $0.value.trimmingSpaces) }.filter { !$0.1.isEmpty }
            layers.append(Layer(name: file, values: values.reversed(), takesBareNames: true))
        }
        return isThere
    }

    /// The value of an option for a command, and where it stands; nil when nothing gives one.
    func value(_ option: LiquibaseOption, for command: String) -> (value: String, place: String)? {
        // Most runs have neither variables nor a file, and making the keys takes longer than anything else at the start.
        let layers = layers.filter { !$0.values.isEmpty }
        guard !layers.isEmpty else { return nil }
        let keys = option.settingKeys(of: command)
        for layer in layers {
            if let value = layer.value(layer.takesBareNames ? keys + option.keys : keys) { return (value, layer.name) }
        }
        return nil
    }

    /// The properties for changelogs, `parameter.name`, the winning ones last.
    var parameters: [(name: String, value: String)] {
        let prefix = "parameter."
        return layers.reversed().flatMap { layer in
            layer.values.reversed().filter { layer.takesBareNames && $0.key.begins(with: prefix) }
                .map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        }
    }

    /// The keys that mean nothing, a line for each source.
    func unknown(commands: [String]) -> [String] {
        guard layers.contains(where: { !$0.values.isEmpty }) else { return [] }
        let names = LiquibaseOption.all.flatMap { option in
            option.keys + commands.flatMap { option.settingKeys(of: $0) }
        }
        let known = Set(names)
        return layers.compactMap { layer in
            let keys = layer.values.map(\.key).filter { key in
                let isParameter = layer.takesBareNames && key.begins(with: "parameter.")
                return !isParameter && !known.contains(LiquibaseOption.key(key)) && !LiquibaseOption.isForeign(key)
            }
            guard !keys.isEmpty else { return nil }
            return "\(layer.name): not known here: \(keys.sorted().joined(separator: ", "))".oneLine
        }
    }

    /// Reads a file of at most a megabyte.
    static func file(_ path: String) throws -> [UInt8]? {
        let path = AbsolutePath.of(path)
        return FileManager.default.fileExists(atPath: path) ? try RegularFile.read(path, limit: 1 << 20) : nil
    }
}

extension String {
    /// The text without blanks at its ends, as Liquibase takes values.
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }
}
