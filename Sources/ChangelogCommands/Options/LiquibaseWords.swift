import ArgumentParser
import Diagnostics
import Terminal

/// The words of a command line written for Liquibase, understood: which command, which options with which values.
///
/// Options may stand before the command's name, names be written with hyphens or capitals, and a value stand right
/// behind the command, as scripts for older Liquibases have it.
struct LiquibaseWords {
    /// An option that is given.
    struct Given {
        let option: LiquibaseOption
        let value: String
        let isBeforeCommand: Bool
    }

    /// The command; nil when none is named.
    private(set) var command: (any ParsableCommand.Type)?
    /// The options, in order.
    private(set) var given: [Given] = []
    /// `-Dname=value`, in order.
    private(set) var defined: [String] = []
    /// Words that are not Liquibase's, in order: for the parser.
    private(set) var rest: [String] = []

    /// Reads words.
    ///
    /// - Throws: ``CommandFailure`` for a command of Liquibase's that there is not here, and for values that an option
    ///   cannot have.
    init(_ words: [String], commands: [any ParsableCommand.Type], missing: Set<String>) throws {
        var words = words[...]
        while let word = words.popFirst() {
            if word == "--" {
                rest += [word] + words
                break
            } else if word.begins(with: "-D"), word.count > 2 || words.first?.holds("=") ?? false {
                let pair = word.count > 2 ? String(word.dropFirst(2)) : words.popFirst() ?? ""
                defined.append(pair.holds("=") ? pair : pair + "=")
            } else if word.begins(with: "--") {
                try readOption(word, &words)
            } else if word.begins(with: "-") || command != nil {
                rest.append(word)
            } else {
                try readCommand(word, &words, commands, missing)
            }
        }
    }

    private mutating func readOption(_ word: String, _ words: inout ArraySlice<String>) throws {
        let parts = word.dropFirst(2).parts(at: "=", maxSplits: 1)
        guard let name = parts.first, let option = LiquibaseOption.named(name) else { return rest.append(word) }
        var value = parts.count > 1 ? String(parts[1]) : nil
        if value == nil {
            switch option.kind {
            case .value:
                guard let next = words.popFirst() else { return rest.append("--\(option.name)") }
                value = next
            case .flag, .switchable:
                if let next = words.first?.lowercased(), ["true", "false"].contains(next) { value = words.popFirst() }
            }
        }
        if option.name == "define" {
            defined.append(value ?? "")
        } else {
            given.append(Given(option: option, value: value ?? "true", isBeforeCommand: command == nil))
        }
    }

    private mutating func readCommand(
        _ word: String, _ words: inout ArraySlice<String>, _ commands: [any ParsableCommand.Type],
        _ missing: Set<String>
    ) throws {
        let key = LiquibaseOption.key(word)
        guard let found = commands.first(where: { LiquibaseOption.key($0.liquibaseName) == key }) else {
            guard let name = missing.first(where: { LiquibaseOption.key($0) == key }) else { return rest.append(word) }
            throw CommandFailure(
                .notFound, "changelog \(name) is not supported",
                hint: "there are: \(commands.map { $0.liquibaseName }.sorted().joined(separator: ", "))",
                code: "changelog.unsupported-command")
        }
        command = found
        guard let name = (found as? any LiquibaseCommand.Type)?.positional,
            let option = LiquibaseOption.named(name)
        else { return }
        // A date may have a blank in it, and Liquibase takes it without quotes.
        let values = words.prefix { !$0.begins(with: "-") }
        words = words.dropFirst(values.count)
        guard !values.isEmpty else { return }
        given.append(Given(option: option, value: values.joined(separator: " "), isBeforeCommand: false))
    }
}

extension ParsableCommand {
    /// The command's name.
    static var liquibaseName: String { configuration.commandName ?? "" }
}
