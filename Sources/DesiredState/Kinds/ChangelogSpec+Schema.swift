import Diagnostics

extension ChangelogSpec {
    private struct Written: Sendable {
        let path: String
        let engine: ChangelogEngine
        let contexts: [String]
        let labels: String?
        let parameters: [String: String]
        let command: MigrationCommandSpec?
    }

    static let schema: Schema<ChangelogSpec> = Schema<Written>.object(
        .required(
            "path", \.path, .repositoryPath,
            "The path of the root file in the repository; of a migration program its configuration file."),
        .defaulted("engine", \.engine, .choice, to: .liquibase, "What deploys it: liquibase or command."),
        .defaulted("contexts", \.contexts, .list(of: .text), to: [], "The contexts it is deployed with."),
        .optional("labels", \.labels, .text, "The label expression that changesets must match."),
        .defaulted("parameters", \.parameters, .map(to: .anyText), to: [:], "The values of ${…} in it."),
        .optional(
            "command", \.command, MigrationCommandSpec.schema, "How the migration program is run, for engine command."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            switch written.engine {
            case .liquibase:
                guard written.command != nil else {
                    return ChangelogSpec(
                        path: written.path, contexts: written.contexts, labels: written.labels,
                        parameters: written.parameters)
                }
                findings.refuse("command", of: node, "is for engine: command", hint: "write engine: command beside it")
                return nil
            case .command:
                var foreign = written.contexts.isEmpty ? [] : ["contexts"]
                foreign +=
                    (written.labels == nil ? [] : ["labels"]) + (written.parameters.isEmpty ? [] : ["parameters"])
                for key in foreign {
                    findings.refuse(
                        key, of: node, "is for engine: liquibase, expected only path and command",
                        hint: "leave it out, or pass it on in command.argv or command.environment")
                }
                guard let command = written.command else {
                    findings.report(
                        .missingKey, at: node.location, "the key \"command\" is missing",
                        hint: "for example command: {preset: alembic}")
                    return nil
                }
                return foreign.isEmpty ? ChangelogSpec(path: written.path, command: command) : nil
            }
        },
        from: { spec in
            Written(
                path: spec.path, engine: spec.engine, contexts: spec.contexts, labels: spec.labels,
                parameters: spec.parameters, command: spec.command)
        })
}

extension MigrationCommandSpec {
    static let schema = Schema<MigrationCommandSpec>.object(
        .optional(
            "argv", \.arguments, .list(of: .argument, minimum: 1),
            "The program by the name that the operator allows, and its arguments; never read by a shell."),
        .optional("preset", \.preset, .choice, "A known tool: gives argv, checks, and readable failures."),
        .defaulted(
            "environment", \.environment, .map(to: .anyText), to: [:], "The variables that the program gets."),
        make: MigrationCommandSpec.init
    ).checked { spec, node, findings in
        if spec.arguments == nil, spec.preset == nil {
            findings.report(
                .missingKey, at: node.location, "expected one of the keys \"argv\" and \"preset\"",
                hint: "for example argv: [flyway, migrate]")
        }
        if let program = spec.arguments?.first, program.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._+-]{0,63}/) == nil {
            findings.within(.key("argv")) {
                $0.report(
                    .invalidValue, at: node.deepest("argv").location,
                    "\(program.quotedForMessage) is not allowed, expected the name of a program",
                    hint: "the operator says where it is: sluice serve --allow-migration-command name=/path")
            }
        }
        for name in spec.environment.keys.sorted() where !isFree(name) {
            findings.within(.key("environment")) {
                $0.refuse(
                    name, of: node["environment"] ?? node, "is not allowed, expected a variable of the program's own",
                    hint: "the database, paths and the loader's variables are not a manifest's to set")
            }
        }
    }

    /// Whether a manifest may set a variable. The loader's could make the sandbox's own programs run a candidate's code.
    private static func isFree(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]{0,254}/) != nil && !reserved.contains(name)
            && !["PG", "LD_", "GLIBC_", "MALLOC_", "BASH_"].contains(where: name.begins(with:))
    }

    private static let reserved: Set<String> = [
        "DATABASE_URL", "PATH", "HOME", "TMPDIR", "ENV", "IFS", "GCONV_PATH", "LOCPATH", "NLSPATH", "GETCONF_DIR",
        "HOSTALIASES", "RES_OPTIONS", "LOCALDOMAIN", "RESOLV_HOST_CONF",
    ]
}

extension Schema where Value == String {
    /// An argument of a program.
    fileprivate static let argument = anyText.checked { value, node, findings in
        guard value.utf8.count > 4096 || value.utf8.contains(0) else { return }
        findings.report(.invalidValue, at: node.location, "expected at most 4096 bytes without NUL")
    }
}

extension Findings {
    /// Notes that a key may not stand where it does.
    fileprivate mutating func refuse(_ key: String, of node: SourceNode, _ message: String, hint: String) {
        within(.key(key)) { $0.report(.invalidValue, at: node.deepest(key).location, message, hint: hint) }
    }
}
