import ArgumentParser
import DatabaseSchema
import Diagnostics
import PostgresClient
import Terminal

/// Which part of a database's schema: Liquibase's option of this name.
struct SchemaOptions: ParsableArguments {
    @Option(name: .long, help: "Only these schemas, separated by commas.")
    var schemas: String?

    /// The options that environment and defaults file may give.
    static let settings = ["schemas"]

    var names: [String]? {
        schemas?.words(at: ",").map { String($0.trimmingPrefix(" ")) }
    }

    /// The snapshot of a database, without the two tables in which it is kept what has run.
    func read(_ configuration: PostgresConfiguration, without database: DatabaseOptions) async throws -> SchemaSnapshot
    {
        let connection = try await PostgresConnection.open(configuration)
        do {
            let snapshot = try await SchemaSnapshot.read(
                from: connection,
                SchemaReadingOptions(
                    schemas: names,
                    excludedTables: [
                        database.databaseChangelogTableName, database.databaseChangelogLockTableName,
                    ]))
            await connection.close()
            return snapshot
        } catch {
            await connection.close()
            throw error
        }
    }

    /// Refuses names of schemas that nothing that was read has: nothing of nothing would be equal.
    func check(_ snapshots: [SchemaSnapshot]) throws {
        let known = Set(snapshots.flatMap { $0.objects.filter { $0.kind == .schema }.map(\.name.own) })
        for name in names ?? [] where !known.contains(name) {
            throw CommandFailure(.notFound, "there is no schema \"\(name)\"", code: "schema.unknown")
        }
    }
}
