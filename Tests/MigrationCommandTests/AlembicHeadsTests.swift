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
        let behind = try #require(heads(Self.visit + Self.owner + Self.owner).failure(isMerged: false))
        #expect(behind.message == "the revision r2 is there more than once")
    }

    @Test(
        "there are revisions when a script stands beside one of the heads, though the head itself came by the merge",
        arguments: [
            ("db/migrations/versions/0002_visit.py", true), ("db/migrations/versions/0001_first.py", true),
            ("db/migrations/versions/__init__.py", false), ("db/migrations/env.py", false),
        ])
    func revisions(file: String, areThere: Bool) {
        #expect(heads(Self.visit).haveRevisions(in: [MigrationFile(path: file, bytes: [])]) == areThere)
        #expect(!heads("").haveRevisions(in: [MigrationFile(path: file, bytes: [])]))
    }

    @Test(
        "a database that is not at the head is found by what alembic current prints",
        arguments: [
            ("r2 (head)\n", nil), ("r2 (label) (head)\n", nil), ("r1\n", "revision r1,"),
            ("r2 (head)\nr1\n", "revision r1,"), ("", "no revision at all"),
            ("INFO  [context]\n", "no revision at all"),
        ])
    func current(output: String, place: String?) {
        let recording = Recording(description: "current", status: .exited(0), output: output)
        let failure = AlembicHeads.staleDatabase(recording.seen, expectsRevision: true)
        #expect(failure?.kind == (place == nil ? nil : .notAtHead))
        if let place { #expect(failure?.message.contains(place) == true) }
        if place == "no revision at all" {
            #expect(AlembicHeads.staleDatabase(recording.seen, expectsRevision: false) == nil)
        }
    }
}
