import ArgumentParser

/// A command that Liquibase has too: its options may also stand in the environment and in a defaults file.
protocol LiquibaseCommand: AsyncParsableCommand {
    /// The names of those options.
    static var settings: [String] { get }
    /// The option that a word right behind the command's name stands for, as in `rollback-count 2`; nil for none.
    static var positional: String? { get }
}

extension LiquibaseCommand {
    static var positional: String? { nil }
}
