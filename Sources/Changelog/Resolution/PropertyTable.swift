/// The properties of a changelog: the first definition wins, globals before locals.
///
/// Locals are seen by the file that defines them and by what it includes; there the last one wins and the nearest file.
struct PropertyTable {
    /// One definition. Its conditions are judged at once: what an update is for does not change meanwhile.
    struct Definition {
        var value: String?
        var context: ContextExpression = .always
        var labels: String?
        var dbms: String?
    }

    private let filter: ChangeSetFilter
    private let environment: [String: String]
    private var globals: [String: String?] = [:]
    private var locals: [String: [String: String?]] = [:]

    init(_ parameters: ChangelogParameters) {
        filter = parameters.filter
        environment = Dictionary(
            parameters.environment.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        for (name, value) in parameters.database.sorted(by: { $0.key < $1.key }) {
            define(name, Definition(value: value))
        }
        for (name, value) in parameters.defined.sorted(by: { $0.key < $1.key }) {
            define(name, Definition(value: value))
        }
    }

    /// Defines a property for all files, or for the file with that key and what it includes.
    mutating func define(_ name: String, _ definition: Definition, localTo file: String? = nil) {
        guard holds(definition) else { return }
        let name = name.lowercased()
        if let file {
            locals[file, default: [:]][name] = .some(definition.value)
        } else if globals[name] == nil {
            globals[name] = .some(definition.value)
        }
    }

    /// The value of a property as seen from a file, given with the files that include it, nearest first.
    func value(of name: String, in files: [String]) -> String? {
        let key = name.lowercased()
        if let value = environment[key] { return value }
        if let global = globals[key] { return global }
        for file in files {
            if let local = locals[file]?[key] { return local }
        }
        return nil
    }

    /// All global properties that hold, in lower case.
    var globalValues: [String: String] {
        globals.compactMapValues(\.self).merging(environment) { $1 }
    }

    /// The local properties that hold, by the key of their file.
    var localValues: [String: [String: String]] { locals.mapValues { $0.compactMapValues(\.self) } }

    private func holds(_ definition: Definition) -> Bool {
        filter.labels.matches(labels: definition.labels) && definition.context.matches(filter.contexts)
            && DbmsList.matches(definition.dbms, database: filter.dbms, ignoringCase: false)
    }
}
