extension SampleRegistry {
    /// The desired state of the demonstration: file names to contents. `manifests/` shows the same kinds with every key.
    static func manifests(repositories: String) -> [String: String] {
        [
            "forge.yaml": """
            apiVersion: sluice.dev/v1alpha1
            kind: Forge
            metadata:
              name: local
            spec:
              type: local
              local:
                path: \(repositories)

            """,
            "database-server.yaml": """
            apiVersion: sluice.dev/v1alpha1
            kind: DatabaseServer
            metadata:
              name: main
            spec:
              embedded: {}

            """,
            "registry.yaml": """
            apiVersion: sluice.dev/v1alpha1
            kind: Registry
            metadata:
              name: \(name)
            spec:
              forge: local
              project: \(name)
              branch: master
              server: main
              referenceDatabase: \(reference)
              changelogs:
                - path: data-model/main-liquibase.xml
              database:
                defaultSchema: registry
                searchPath: [registry, public]
              interval: 5m

            """,
        ]
    }

    /// The database that every candidate's is cloned from.
    static let reference = "registry-template"

    /// What makes the reference: structure only, no data.
    static let referenceStructure = "CREATE SCHEMA registry"
}
