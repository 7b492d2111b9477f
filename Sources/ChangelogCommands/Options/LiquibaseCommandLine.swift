import ArgumentParser
import Terminal

/// Turns a command line written for Liquibase, together with what environment and defaults file add to it, into the
/// words that our parser reads.
struct LiquibaseCommandLine {
    /// All commands.
    let commands: [any ParsableCommand.Type]
    /// Commands of Liquibase's that there are not.
    let missing: Set<String>
    let environment: [String: String]
    /// Takes a note for whoever runs the command.
    let note: (String) -> Void
    var readFile: LiquibaseSettings.FileReader = LiquibaseSettings.file

    /// The words behind `changelog`.
    ///
    /// - Throws: ``CommandFailure``; `ExitStatus.ok` when the command is told not to run.
    func words(_ written: [String]) throws -> [String] {
        let read = try LiquibaseWords(written, commands: commands, missing: missing)
        guard let command = read.command else { return read.given.isEmpty ? read.rest : written }
        guard let liquibase = command as? any LiquibaseCommand.Type else {
            let options = try read.given.filter { $0.option.meaning == .taken }.flatMap {
                try Self.words($0.option, $0.value)
            }
            return [command.liquibaseName] + options + read.defined.map { "--define=\($0)" } + read.rest
        }
        let name = liquibase.liquibaseName
        let settings = try settings(read, name)
        var values = read.given.map { ($0.option, $0.value, "the command line") }
        let written = Set(read.given.map(\.option.name))
        for option in LiquibaseOption.all where !written.contains(option.name) {
            guard let (value, place) = settings.value(option, for: name) else { continue }
            if option.name == "url", isDatabaseNamed(written, place) { continue }
            values.append((option, value, place))
        }
        try requireRun(values.last { $0.0.name == "should-run" }?.1)
        var words = [name]
        for (option, value, place) in values {
            guard try Self.applies(option, value, place) else { continue }
            let isTaken = liquibase.settings.contains(option.name)
            let isWanted = read.given.contains { $0.option.name == option.name && !$0.isBeforeCommand }
            if isTaken || (isWanted && !option.isGlobal) { words += try Self.words(option, value) }
        }
        let parameters = settings.parameters.map { "\($0.name)=\($0.value)" } + read.defined
        if liquibase.settings.contains("define") || !read.defined.isEmpty {
            words += parameters.map { "--define=\($0)" }
        }
        let ignored = read.given.filter { $0.option.meaning == .passedOver }.map { "--\($0.option.name)" }
        if !ignored.isEmpty { note("of no effect here: \(ignored.joined(separator: ", "))") }
        return words + read.rest
    }

    /// Our own ways to name the database stand before a defaults file.
    private func isDatabaseNamed(_ written: Set<String>, _ place: String) -> Bool {
        written.contains("url-file") || (place != "the environment" && environment["SLUICE_DATABASE_URL"] != nil)
    }

    /// Environment and defaults file; keys that mean nothing are noted, or refused when that is wished.
    private func settings(_ read: LiquibaseWords, _ command: String) throws -> LiquibaseSettings {
        var settings = LiquibaseSettings(environment: environment)
        let path = Self.value("defaults-file", read, settings, command)
        let isThere = try settings.read(path ?? "liquibase.properties", readFile)
        if let path, !isThere { note("there is no defaults file \(path.oneLine)") }
        let unknown = settings.unknown(commands: commands.map { $0.liquibaseName })
        let isStrict = Self.value("strict", read, settings, command)?.lowercased() == "true"
        for text in unknown {
            guard !isStrict else { throw CommandFailure(.usage, text, hint: "leave out strict to pass them over") }
            note(text)
        }
        return settings
    }

    private static func value(
        _ name: String, _ read: LiquibaseWords, _ settings: LiquibaseSettings, _ command: String
    ) -> String? {
        if let given = read.given.last(where: { $0.option.name == name }) { return given.value }
        guard let option = LiquibaseOption.named(name) else { return nil }
        return settings.value(option, for: command)?.value
    }

    private func requireRun(_ value: String?) throws {
        guard value?.lowercased() == "false" else { return }
        note("nothing is done, because should-run is false")
        throw ExitStatus.ok
    }

    /// Whether an option is for our parser; throws when its value cannot be had here.
    private static func applies(_ option: LiquibaseOption, _ value: String, _ place: String) throws -> Bool {
        switch option.meaning {
        case .taken: return true
        case .passedOver: return false
        case .only(let accepted):
            guard accepted.contains(where: { $0.lowercased() == value.lowercased() }) else {
                throw CommandFailure(
                    .notFound, "\(place): \(option.name) with this value is not supported",
                    hint: accepted.isEmpty ? "leave it out" : "what is done is \(option.name)=\(accepted[0])",
                    code: "changelog.unsupported-option")
            }
            return false
        }
    }

    /// An option as our parser reads it. Values stand in one word with the name, whatever they begin with.
    private static func words(_ option: LiquibaseOption, _ value: String) throws -> [String] {
        guard option.kind != .value else { return ["--\(option.name)=\(value)"] }
        switch value.lowercased() {
        case "true": return ["--\(option.name)"]
        case "false": return option.kind == .switchable ? ["--no-\(option.name)"] : []
        default: throw CommandFailure(.usage, "--\(option.name) is true or false")
        }
    }
}
