import DesiredState
import ForgeDoubles

@testable import SluiceCLI

/// Desired state in which every secret is somewhere else, and some are of no use.
struct CanaryManifests: Sendable {
    let addresses: [ForgeType: String]
    /// The directory of the files with secrets.
    let secrets: String
    let project: String

    /// The names of registries, and of the branches that they are of, whose secrets are of no use.
    static let useless = ["torn", "wrong", "garbled", "gone"]

    /// The registries by name: on which forge, and on which server.
    var registries: [String: (forge: String, server: String)] {
        var all = Dictionary(
            uniqueKeysWithValues: ForgeType.allCases.map { ("on-\($0.rawValue)", ($0.rawValue, "main")) })
        all["torn"] = ("torn", "main")
        for server in ["wrong", "garbled", "gone"] { all[server] = ("gitlab", server) }
        return all
    }

    var files: [String: String] {
        var files: [String: String] = [:]
        for type in ForgeType.allCases { files["forge-\(type.rawValue)"] = forge(type) }
        files["forge-torn"] = gitLab("torn", token: "{file: \(secrets)/torn-token}")
        for server in ["wrong", "garbled", "gone"] { files["server-\(server)"] = self.server(server, file: server) }
        files["channels"] = """
            apiVersion: sluice.dev/v1alpha1
            kind: NotificationChannel
            metadata: {name: robot}
            spec: {type: wecom, wecom: {url: {file: \(secrets)/robot}}, rules: [{severity: Normal}], gather: 0s}
            ---
            apiVersion: sluice.dev/v1alpha1
            kind: NotificationChannel
            metadata: {name: tickets}
            spec:
              type: webhook
              webhook: {url: "\(addresses[.gitlab] ?? "")/tickets", secret: {file: \(secrets)/tickets}}
              rules: [{severity: Normal}]
              gather: 0s

            """
        files["server-main"] = server("main", file: "server")
        for (name, place) in registries {
            files["registry-\(name)"] = """
                apiVersion: sluice.dev/v1alpha1
                kind: Registry
                metadata: {name: \(name)}
                spec:
                  forge: \(place.forge)
                  project: \(project)
                  branch: \(Self.useless.contains(name) ? name : "master")
                  server: \(place.server)
                  databasePrefix: \(name)-dev-
                  referenceDatabase: \(SampleRegistry.reference)
                  changelogs: [{path: data-model/main-liquibase.xml}]
                  database: {defaultSchema: registry, searchPath: [registry, public]}
                  interval: 1h

                """
        }
        return Dictionary(uniqueKeysWithValues: files.map { ("sluice/\($0.key).yaml", $0.value) })
    }

    /// The forge of the config repository, with a token of its own.
    var configForge: String { gitLab("config", token: "{file: \(secrets)/config-token}") }

    /// A forge with a secret in the place of where one is kept.
    func leak(_ secret: String) -> String {
        gitLab("leak", token: secret) + "---\n" + gitLab("leak-too", token: "{file: \(secret)}")
    }

    private func forge(_ type: ForgeType) -> String {
        let token =
            [.github, .gerrit].contains(type)
            ? "{environment: CANARY_\(type.rawValue.uppercased())}" : "{file: \(secrets)/\(type.rawValue)-token}"
        let access = type == .gerrit ? "user: sluice, password: \(token)" : "token: \(token)"
        let next =
            type == .github ? "{environment: CANARY_NEXT}" : "{file: \(secrets)/\(type.rawValue)-next-hook}"
        return """
            apiVersion: sluice.dev/v1alpha1
            kind: Forge
            metadata: {name: \(type.rawValue)}
            spec:
              type: \(type.rawValue)
              \(type.rawValue): {url: "\(addresses[type] ?? "")", \(access)}
              webhook: {secrets: [\(next), {file: \(secrets)/\(type.rawValue)-hook}]}

            """
    }

    private func gitLab(_ name: String, token: String) -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata: {name: \(name)}
        spec:
          type: gitlab
          gitlab: {url: "\(addresses[.gitlab] ?? "")", token: \(token)}

        """
    }

    private func server(_ name: String, file: String) -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: DatabaseServer
        metadata: {name: \(name)}
        spec:
          connection: {file: \(secrets)/\(file)}
          instance: canary
          readerRole: canary_reader

        """
    }
}
