/// The config repository of the second act: what is in it from the beginning, and what a commit adds. Paths to contents.
enum SampleConfiguration {
    /// The project on Gerrit.
    static let project = "platform/config"
    /// The directory in it.
    static let path = "sluice"

    /// The forge that the config repository itself is a project of: the operator's own file.
    static func forge(at address: String, _ secrets: GerritSecrets) -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata:
          name: gerrit
        spec:
          type: gerrit
          gerrit:
            url: \(address)
            user: sluice
            password:
              file: \(secrets.password)
          webhook:
            secrets:
              - file: \(secrets.webhook)

        """
    }

    /// What there is before any registry.
    static func beginning(at address: String, _ secrets: GerritSecrets) -> [String: String] {
        [
            "\(path)/forge.yaml": forge(at: address, secrets),
            "\(path)/database-server.yaml": """
            apiVersion: sluice.dev/v1alpha1
            kind: DatabaseServer
            metadata:
              name: main
            spec:
              embedded: {}

            """,
        ]
    }

    /// The registry. Its timer is slow, so that the story shows what webhooks do.
    static let registry = """
        apiVersion: sluice.dev/v1alpha1
        kind: Registry
        metadata:
          name: \(SampleRegistry.name)
        spec:
          forge: gerrit
          project: registries/land
          branch: master
          server: main
          referenceDatabase: \(SampleRegistry.reference)
          changelogs:
            - path: data-model/main-liquibase.xml
          database:
            defaultSchema: registry
            searchPath: [registry, public]
          interval: 1h

        """
}

/// Where the secrets of the second act lie.
struct GerritSecrets: Sendable {
    /// The file with the password of Sluice's account.
    let password: String
    /// The file with the token in the webhooks' address.
    let webhook: String
}
