import Diagnostics
import PostgresClient

extension SampleRegistry {
    /// The desired state of the demonstration: file names to contents. They are those of `manifests/`, with the folder of
    /// repositories in its place.
    static func manifests(repositories: String) -> [String: String] {
        [
            "forge.yaml": PackageResources.forge_yaml, "database-server.yaml": PackageResources.database_server_yaml,
            "registry.yaml": PackageResources.registry_yaml,
        ].mapValues {
            String(decoding: $0, as: UTF8.self).replacingAll(
                "path: /var/lib/sluice/repositories", with: "path: \(repositories)")
        }
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
