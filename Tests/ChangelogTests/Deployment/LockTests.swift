import Diagnostics
import PostgresClient
import TestSupport
import Testing

@testable import Changelog

/// Who may deploy, and how it is found out who cannot any more.
@Suite struct LockTests {
    private static let lock = "UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby ="

    private static func holder(_ connection: PostgresConnection) async throws -> String? {
        try await connection.execute("SELECT lockedby FROM databasechangeloglock WHERE id = 1").single()
            .optionalString(0)
    }

    @Test("once an update has returned, nobody holds the advisory lock")
    func advisoryLock() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection)
            for _ in 1...20 {
                try await deployer.update(try Preparing.changelog(Preparing.changeSet("<sql>select 1</sql>")))
                #expect(try await deployer.lockReport() == nil)
            }
        }
    }

    @Test("F-04: a run whose lock was taken away changes nothing more, and leaves the lock to its new holder")
    func fenced() async throws {
        try await withConnection { connection in
            let changelog = try Preparing.changelog(
                Preparing.changeSet("<sql>\(Self.lock) 'somebody else'</sql>")
                    + Preparing.changeSet("<sql>create table late (a int)</sql>", id: "2"))
            let error = await #expect(throws: SluiceError.self) { try await Deployer(connection).update(changelog) }
            #expect(error?.code == "changelog.lock-lost")
            #expect(error?.message.contains("changelog.xml::2::a was rolled back") == true)
            #expect(try await connection.execute("SELECT to_regclass('late') IS NULL").single().bool(0))
            #expect(try await Self.holder(connection) == "somebody else")
        }
    }

    @Test("a row without a living session is taken over, also when a backup brought it to another server")
    func takeover() async throws {
        try await withConnection { connection in
            let deployer = Deployer(connection, options: DeployerOptions(lockWait: .zero))
            try await deployer.createBooks()
            let pid = connection.processID
            for start in ["1700000000.5", "0"] {
                try await connection.execute(
                    "\(Self.lock) 'web-1 (sluice 7) [sluice token=x pid=\(pid) start=\(start)]'")
                try await deployer.tag("t")
                #expect(try await Self.holder(connection) == nil)
            }
        }
    }

    @Test("a living run keeps its lock: others wait and name it, and releasing it needs its sessions ended")
    func living() async throws {
        try await withDatabase { database in
            let (connection, other) = (
                try await PostgresConnection.open(database), try await PostgresConnection.open(database)
            )
            let deployer = Deployer(connection, options: DeployerOptions(owner: "web-1 (sluice 7)"))
            let held = try await ChangelogLock(deploying: connection, options: deployer.options).acquire()
            let second = Deployer(other, options: DeployerOptions(lockWait: .milliseconds(1)))
            // With the advisory lock, and without it, as when only the session that deploys is left.
            for _ in 1...2 {
                let error = await #expect(throws: SluiceError.self) { try await second.tag("t") }
                #expect(error?.code == "changelog.locked")
                #expect(error?.detail?.contains("held by web-1 (sluice 7)") == true)
                #expect(error?.detail?.contains("pid \(connection.processID)") == true)
                let refusal = await #expect(throws: SluiceError.self) { try await second.releaseLocks() }
                #expect(refusal?.code == "changelog.lock-in-use")
                await held.guardian.close()
            }
            #expect(try await second.releaseLocks(terminating: true)?.hasPrefix("web-1") == true)
            try await second.tag("t")
            await #expect(throws: PostgresError.self) { try await connection.execute("SELECT 1") }
            await other.close()
        }
    }

    @Test("the row is not waited for with a lock of our own: a transaction that keeps it makes the run wait by looking")
    func keptRow() async throws {
        try await withDatabase { database in
            let (keeper, other) = (
                try await PostgresConnection.open(database), try await PostgresConnection.open(database)
            )
            let deployer = Deployer(other, options: DeployerOptions(lockWait: .milliseconds(1)))
            try await deployer.createBooks()
            try await keeper.execute("BEGIN; SELECT FROM databasechangeloglock FOR UPDATE")
            let error = await #expect(throws: SluiceError.self) { try await deployer.tag("t") }
            #expect(error?.code == "changelog.locked")
            try await keeper.execute("ROLLBACK")
            try await deployer.tag("t")
            for connection in [keeper, other] { await connection.close() }
        }
    }
}
