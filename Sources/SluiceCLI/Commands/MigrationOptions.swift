public import ArgumentParser
import Diagnostics
public import MigrationCommand
import Terminal

/// What the operator says about migration programs.
struct MigrationOptions: ParsableArguments {
    @Option(
        name: .customLong("allow-migration-command"),
        help: ArgumentHelp(
            "A migration program that registries may name, and where it is; may be repeated.",
            valueName: "name=/path"))
    var allowed: [AllowedProgram] = []

    @Option(name: .customLong("migration-sandbox"), help: "What confines migration programs.")
    var confinement: MigrationPrograms.Confinement = .bubblewrap

    @Option(
        name: .customLong("migration-network"),
        help: "What migration programs reach over the network, for a database server without a Unix socket.")
    var network: MigrationPrograms.Network = .none

    @Option(
        name: .customLong("migration-readable"),
        help: "A directory that migration programs may read besides the system's own; may be repeated.",
        completion: .directory)
    var readable: [String] = []

    /// The operator's word in the form that the gate takes.
    ///
    /// - Throws: `migration.token-needed`: a program with the network reaches the interface, too.
    func programs(directory: String, hasAccessToken: Bool) throws -> MigrationPrograms {
        let reachesUs = network == .shared || confinement == .none
        if !allowed.isEmpty, reachesUs, !hasAccessToken {
            throw SluiceError(
                "migration.token-needed", .stalled,
                "migration programs with the network would reach this controller's interface, which asks for no token",
                hint: "give it one by --access-token-file or SLUICE_ACCESS_TOKEN")
        }
        return MigrationPrograms(
            programs: Dictionary(allowed.map { ($0.name, $0.path) }) { _, last in last }, confinement: confinement,
            network: network, readable: readable.map { AbsolutePath.of($0) }, directory: directory)
    }
}

/// `name=/path` of the command line.
struct AllowedProgram: ExpressibleByArgument, Sendable {
    let name: String
    let path: String

    init?(argument: String) {
        guard let equals = argument.unicodeScalars.firstIndex(of: "=") else { return nil }
        name = String(argument[..<equals])
        path = String(argument[argument.index(after: equals)...])
        guard name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._+-]{0,63}/) != nil, path.begins(with: "/") else { return nil }
    }
}

extension MigrationPrograms.Confinement: ExpressibleByArgument {}
extension MigrationPrograms.Network: ExpressibleByArgument {}
