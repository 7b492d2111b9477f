import Testing

@Suite struct MistakeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let line: String
        let finding: String
        var testDescription: String { line }

        init(_ line: String, _ finding: String) {
            self.line = line
            self.finding = finding
        }
    }

    @Test(
        "A wrong line of a registry is told with its place, what was expected and what to do",
        arguments: [
            Case(
                "brnch: main",
                "a.yaml:19:3: spec.brnch: unknown key; did you mean \"branch\"?"),
            Case(
                "limits: {dedline: 5m}",
                "a.yaml:19:12: spec.limits.dedline: unknown key; did you mean \"deadline\"?"),
            Case(
                "cleanup: {colour: red}",
                "a.yaml:19:13: spec.cleanup.colour: unknown key; known keys: deletionBudget, gracePeriod, keepFailed"),
            Case(
                "changelog: {lint: {rules: {drop-tabel: off}}}",
                "a.yaml:19:30: spec.changelog.lint.rules.drop-tabel: unknown key; did you mean \"drop-table\"?"),
            Case(
                "changelog: {lint: {rules: {drop-table: wran}}}",
                "a.yaml:19:42: spec.changelog.lint.rules.drop-table: \"wran\" is not known, expected off or warn or "
                    + "fail; did you mean \"warn\"?"),
            Case(
                "suspend: yes",
                "a.yaml:19:12: spec.suspend: expected true or false, found yes; write true"),
            Case(
                "suspend: \"true\"",
                "a.yaml:19:12: spec.suspend: expected true or false, found the text \"true\""),
            Case(
                "branch: no",
                "a.yaml:19:11: spec.branch: expected a text, found the truth value no; "
                    + "write \"no\" in quotes if a text is meant"),
            Case(
                "branch: 12:30:45",
                "a.yaml:19:11: spec.branch: expected a text, found the number 12:30:45; "
                    + "write \"12:30:45\" in quotes if a text is meant"),
            Case(
                "branch: 2026-01-31",
                "a.yaml:19:11: spec.branch: expected a text, found the date 2026-01-31; "
                    + "write \"2026-01-31\" in quotes if a text is meant"),
            Case(
                "branch:",
                "a.yaml:19:10: spec.branch: the value is empty; leave the key out, or fill it"),
            Case(
                "branch: -x",
                "a.yaml:19:11: spec.branch: \"-x\" is not allowed, expected the name of a git branch"),
            Case(
                "candidates: {max: 010}",
                "a.yaml:19:21: spec.candidates.max: versions of YAML disagree on the number 010; "
                    + "write it in decimal digits without leading zeros"),
            Case(
                "candidates: {max: 0}",
                "a.yaml:19:21: spec.candidates.max: 0 is not allowed, expected a number from 1 to 10000"),
            Case(
                "candidates: {max: many}",
                "a.yaml:19:21: spec.candidates.max: expected a whole number, found the text \"many\""),
            Case(
                "candidates: {max: 99999999999999999999}",
                "a.yaml:19:21: spec.candidates.max: expected a whole number, found the number 99999999999999999999"),
            Case(
                "interval: 300",
                "a.yaml:19:13: spec.interval: expected a duration such as 90s (units ms, s, m, h, d), "
                    + "found the number 300; a number alone has no unit: is 300s meant?"),
            Case(
                "interval: 1h2h",
                "a.yaml:19:13: spec.interval: expected a duration such as 90s (units ms, s, m, h, d), "
                    + "found the text \"1h2h\""),
            Case(
                "interval: 100ms",
                "a.yaml:19:13: spec.interval: 100ms is not allowed, expected a duration from 1s to 1d"),
            Case(
                "limits: {maxSize: 1GIB}",
                "a.yaml:19:21: spec.limits.maxSize: expected a size such as 512MiB "
                    + "(units B, KiB, MiB, GiB, TiB, KB, MB, GB, TB), found the text \"1GIB\""),
            Case(
                "limits: [1]",
                "a.yaml:19:11: spec.limits: expected a mapping, found a list"),
            Case(
                "limits:",
                "a.yaml:19:10: spec.limits: expected a mapping, found nothing; "
                    + "indent its keys below it, or write {} for none"),
            Case(
                "watchedPaths: data-model",
                "a.yaml:19:17: spec.watchedPaths: expected a list, found the text \"data-model\"; "
                    + "start each element on a line of its own with \"- \""),
            Case(
                "watchedPaths: [../up, data-model]",
                "a.yaml:19:18: spec.watchedPaths[0]: \"../up\" is not allowed, expected a path inside the repository: "
                    + "relative, by \"/\", without \".\" and \"..\""),
            Case(
                "watchedPaths: [other]",
                "a.yaml:19:17: spec.watchedPaths: spec.changelogs[0].path \"data-model/main.xml\" is below none of the "
                    + "watched paths; the engine sees only what is watched: add its folder"),
            Case(
                "databasePrefix: Dev-",
                "a.yaml:19:19: spec.databasePrefix: \"Dev-\" is not allowed, expected lower-case letters, digits, "
                    + "\"_\" and \"-\", a letter first, \"_\" or \"-\" last, 32 at most"),
            Case(
                "referenceDatabase: template1",
                "a.yaml:19:22: spec.referenceDatabase: \"template1\" is not allowed, expected lower-case letters, "
                    + "digits, \"_\" and \"-\", a letter first, 63 at most, and none of PostgreSQL's own"),
            Case(
                "referenceDatabase: registry-dev-1",
                "a.yaml:19:22: spec.referenceDatabase: the reference database \"registry-dev-1\" is named like a "
                    + "candidate database of Registry \"land\""),
            Case(
                "database: {defaultSchema: \"a\\\"; drop\"}",
                "a.yaml:19:29: spec.database.defaultSchema: \"a\"; drop\" is not allowed, expected letters, digits and "
                    + "\"_\", no digit first, 63 at most"),
            Case(
                "server: main",
                "a.yaml:19:3: the key \"server\" stands twice, first on line 17; keep one of them"),
        ])
    func registryLine(_ mistake: Case) {
        #expect(findings(in: Sample.neighbours + Sample.registry("land", mistake.line)) == [mistake.finding])
    }

    @Test(
        "A wrong document is told with its place",
        arguments: [
            Case("a", "a.yaml:1:1: expected a mapping, found the text \"a\""),
            Case(
                "apiVersion: v1\nkind: ConfigMap\n",
                "a.yaml:1:13: apiVersion: \"v1\" is not known, expected sluice.dev/v1alpha1"),
            Case(
                "apiVersion: sluice.dev/v1alpha1\nkind: Registri\n",
                "a.yaml:2:7: kind: \"Registri\" is not known, expected one of Forge, DatabaseServer, Registry, "
                    + "ControlRepository, Release, Upstream, RoleBinding, NotificationChannel; "
                    + "did you mean \"Registry\"?"),
            Case(
                "apiVersion: sluice.dev/v1alpha1\nkind: Forge\nmetadata: {name: A_b}\n"
                    + "spec: {type: local, local: {path: /a}}",
                "a.yaml:3:18: metadata.name: \"A_b\" is not allowed, expected lower-case letters, digits and \"-\", "
                    + "a letter or digit at both ends, 63 at most"),
            Case(
                Sample.forge + "status: {}",
                "a.yaml:5:1: status: the status is written by the controller; leave it out"),
            Case(
                Sample.forge.replacing("/srv/git", with: "srv/../git"),
                "a.yaml:4:35: spec.local.path: \"srv/../git\" is not allowed, "
                    + "expected an absolute path without \".\" and \"..\""),
            Case(
                Sample.forge.replacing("local, local: {path: /srv/git}", with: "local"),
                "a.yaml:4:7: spec: the key \"local\" is missing; type local needs local: {path: …}"),
            Case(
                Sample.server.replacing("embedded: {}", with: "instance: a"),
                "a.yaml:4:7: spec: expected one of the keys \"connection\" and \"embedded\"; "
                    + "embedded: {} runs a private server"),
            Case(
                Sample.server.replacing("embedded: {}", with: "connection: \"postgres://u:hunter2@h/d\""),
                "a.yaml:4:20: spec.connection: expected a reference to a secret, found something else; "
                    + "desired state holds no secrets: write {file: /path} or {environment: NAME}"),
            Case(
                Sample.server.replacing("embedded: {}", with: "connection: {file: \"postgres://u:hunter2@h/d\"}"),
                "a.yaml:4:27: spec.connection.file: expected the absolute path of a file; "
                    + "write where the secret is kept, not the secret"),
            Case(
                Sample.server.replacing("embedded: {}", with: "connection: {environment: 4711}"),
                "a.yaml:4:34: spec.connection.environment: expected the name of an environment variable; "
                    + "write where the secret is kept, not the secret"),
            Case(
                Sample.server.replacing("embedded: {}", with: "connection: {file: /a, environment: B}"),
                "a.yaml:4:20: spec.connection: expected one of the keys \"file\" and \"environment\""),
            Case(
                Sample.forge + "---\n" + Sample.forge,
                "a.yaml:8:18: metadata.name: there is a Forge \"local\" already; it stands at a.yaml:3:18"),
        ])
    func document(_ mistake: Case) {
        #expect(findings(in: mistake.line) == [mistake.finding])
    }

    @Test("Every mistake of all files is told at once, in the order of the text")
    func all() {
        let text = """
            apiVersion: sluice.dev/v1alpha1
            kind: Registry
            metadata: {nam: land}
            spec:
              forge: github
              projct: land
              interval: soon
            """
        #expect(
            findings(in: Sample.neighbours + text) == [
                "a.yaml:13:11: metadata: the key \"name\" is missing; the name, unique among the resources of the kind",
                "a.yaml:13:12: metadata.nam: unknown key; did you mean \"name\"?",
                "a.yaml:15:3: spec: the key \"project\" is missing; the project on the forge",
                "a.yaml:15:3: spec: the key \"server\" is missing; the name of the DatabaseServer for the databases",
                "a.yaml:15:3: spec: the key \"changelogs\" is missing; what is deployed, in order",
                "a.yaml:16:3: spec.projct: unknown key; did you mean \"project\"?",
                "a.yaml:17:13: spec.interval: expected a duration such as 90s (units ms, s, m, h, d), "
                    + "found the text \"soon\"",
            ])
    }

    @Test(
        "A changelog has the keys of its engine, and a mistake says which those are",
        arguments: [
            Case("engine: flyway", "engine: \"flyway\" is not known, expected liquibase or command"),
            Case("engine: command", "the key \"command\" is missing; for example command: {preset: alembic}"),
            Case(
                "command: {preset: alembic}", "command: is for engine: command; write engine: command beside it"),
            Case(
                "engine: command, labels: a, command: {preset: alembic}",
                "labels: is for engine: liquibase, expected only path and command; "
                    + "leave it out, or pass it on in command.argv or command.environment"),
            Case(
                "engine: command, command: {}",
                "command: expected one of the keys \"argv\" and \"preset\"; for example argv: [flyway, migrate]"),
            Case(
                "engine: command, command: {preset: alembik}",
                "command.preset: \"alembik\" is not known, expected alembic; did you mean \"alembic\"?"),
            Case(
                "engine: command, command: {argv: [/usr/bin/alembic, upgrade]}",
                "command.argv: \"/usr/bin/alembic\" is not allowed, expected the name of a program; "
                    + "the operator says where it is: sluice serve --allow-migration-command name=/path"),
            Case(
                "engine: command, command: {preset: alembic, environment: {LD_PRELOAD: x.so}}",
                "command.environment.LD_PRELOAD: is not allowed, expected a variable of the program's own; "
                    + "the database, paths and the loader's variables are not a manifest's to set"),
            Case(
                "engine: command, command: {preset: alembic, environment: {PGHOST: elsewhere}}",
                "command.environment.PGHOST: is not allowed, expected a variable of the program's own; "
                    + "the database, paths and the loader's variables are not a manifest's to set"),
        ])
    func engines(_ mistake: Case) {
        let registry = Sample.registry().replacing(
            "{path: data-model/main.xml}", with: "{path: data-model/alembic.ini, \(mistake.line)}")
        let found = findings(in: Sample.neighbours + registry)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("a.yaml:18:") == true, "\(found)")
        let prefix = mistake.finding.hasPrefix("the key") ? ": " : "."
        #expect(found.first?.hasSuffix("spec.changelogs[0]\(prefix)\(mistake.finding)") == true, "\(found)")
    }
}
