import PostgresClient

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

    /// Makes the reference on a server: structure only, no data.
    static func makeReference(on server: PostgresServer) async throws {
        try await server.createDatabase(reference)
        let connection = try await PostgresConnection.open(server.pool.configuration.with(database: reference))
        _ = try await connection.execute("CREATE SCHEMA registry")
        await connection.close()
    }
}
