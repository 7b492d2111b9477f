import ChildProcess
import Testing

@testable import MigrationCommand

@Suite("Alembic's heads")
struct AlembicHeadsTests {
    private func heads(_ output: String) -> AlembicHeads {
        AlembicHeads(Recording(description: "heads", status: .exited(0), output: output).seen)
    }

    private static let visit = """
        Rev: r3 (head)
        Parent: r1
        Path: /work/db/migrations/versions/0002_visit.py

            0002_visit


        """
    private static let owner = """
        Rev: r2 (second) (head)
        Parent: r1
        Path: /work/db/migrations/versions/0002_owner.py

            Path: a message may say anything

        """

    @Test("no head and one head are well", arguments: ["", owner, visit])
    func well(output: String) { #expect(heads(output).failure(isMerged: true) == nil) }

    @Test("two heads are named with their files")
    func two() throws {
        let failure = try #require(heads(Self.visit + Self.owner).failure(isMerged: true))
        #expect(failure.kind == .heads)
        #expect(
            failure.message
                == "Multiple head revisions after a merge with the target branch: "
                + "r2 (db/migrations/versions/0002_owner.py) and r3 (db/migrations/versions/0002_visit.py)")
        #expect(failure.hint?.contains("alembic merge") == true)
        let own = try #require(heads(Self.visit + Self.owner).failure(isMerged: false))
        #expect(own.message.hasPrefix("Multiple head revisions: r2"))
    }

    @Test("a revision that two files have is told as one")
    func twice() throws {
        let failure = try #require(heads(Self.owner + Self.owner).failure(isMerged: false))
        #expect(failure.message == "the revision r2 is there more than once")
        #expect(failure.file == "db/migrations/versions/0002_owner.py")
    }

    @Test(
        "a database that is not at the head is found by what alembic current prints",
        arguments: [
            ("", nil), ("r2 (head)\n", nil), ("r2 (label) (head)\n", nil), ("r1\n", "r1"), ("r2 (head)\nr1\n", "r1"),
        ])
    func current(output: String, behind: String?) {
        let recording = Recording(description: "current", status: .exited(0), output: output)
        let failure = AlembicHeads.staleDatabase(recording.seen)
        #expect(failure?.kind == (behind == nil ? nil : .notAtHead))
        if let behind { #expect(failure?.message.contains("revision \(behind),") == true) }
    }
}
