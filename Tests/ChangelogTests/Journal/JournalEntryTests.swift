import Testing

@testable import Changelog

/// The text of the journal, and what is decided from it.
@Suite struct JournalEntryTests {
    private static let identity = ChangeSet.Identity(id: "1\n", author: "a", path: String(repeating: "p/", count: 200))
    private static let statements: [SQLStatement] = [
        "create table t (a int)", "create index concurrently i on t (a)", "do $$ begin commit; end $$", "vacuum t",
    ]

    @Test(
        "an entry is read as it was written, and has room in the row", arguments: [0, 1, 4],
        [JournalEntry.State.applied, .intent, .failed("23505"), .failed("")])
    func roundTrip(_ applied: Int, _ state: JournalEntry.State) throws {
        let entry = JournalEntry(Self.identity, Self.statements, applied: applied, state: state)
        #expect(entry.text.unicodeScalars.count <= 255 && entry.text.utf16.count <= 255)
        let read = try #require(JournalEntry(entry.text))
        #expect(read.key == entry.key && read.applied == applied && read.count == 4)
        #expect(read.state == (state == .failed("") ? .failed("?") : state))
        #expect(read.head == entry.head && read.next == entry.next)
        #expect(read.label.hasPrefix("p/p/"))
    }

    @Test(
        "other texts are no entries",
        arguments: [
            "", "otherhost (10.0.0.1)", "sluice journal v2 k 1/2 intent a b c", "sluice journal v1 k 3/2 intent a b c",
        ])
    func foreign(_ text: String) { #expect(JournalEntry(text) == nil) }

    @Test(
        "a statement is told by what can be known of its outcome",
        arguments: [
            ("create table t (a int)", StatementKind.transactional),
            ("  /* x */ INSERT into t values (1)", .transactional),
            ("create index i on t (a)", .transactional), ("alter type c add value 'x'", .transactional),
            ("drop table if exists t", .transactional), ("vacuum t", .repeatable), ("begin", .repeatable),
            ("set statement_timeout = 0", .session), ("set local lock_timeout = 0", .repeatable),
            ("do $$ begin perform 1; end $$", .transactional), ("do $$ begin commit; end $$", .opaque),
            ("call p()", .opaque), ("create database d", .opaque), ("alter system set x = 1", .repeatable),
            ("drop index concurrently if exists s.i", .dropIndex("s.i")), ("drop index concurrently a, b", .opaque),
            ("create index concurrently on t (a)", .opaque), ("alter table p detach partition q concurrently", .opaque),
            ("insert into t values (1); insert into t values (2)", .transactional), ("select 1; vacuum t", .opaque),
        ])
    func kinds(_ text: String, _ kind: StatementKind) { #expect(StatementKind(SQLStatement(text)) == kind) }

    @Test("the parts of CREATE INDEX are found as they are written")
    func index() throws {
        let text =
            "CREATE /* c */ UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"I x\" ON ONLY s . \"T\" USING btree (a) WHERE b"
        let index = try #require(IndexStatement(text))
        #expect(index.isUnique && index.isConcurrent && index.isConditional)
        #expect(index.name == "\"I x\"" && index.table == "s . \"T\"")
        #expect(index.definition == "USING btree (a) WHERE b")
        #expect(IndexStatement("create index on t (a)") == nil)
    }

    @Test("where a changeset goes on is decided from the journal and its statements as they are now")
    func resumption() throws {
        func entry(_ applied: Int, _ state: JournalEntry.State) -> JournalEntry {
            JournalEntry(Self.identity, Self.statements, applied: applied, state: state)
        }
        let all = Self.statements
        let index = try #require(IndexStatement(all[1].text))
        #expect(Resumption(nil, all) == .at(0))
        #expect(Resumption(entry(2, .applied), all) == .at(2))
        #expect(Resumption(entry(1, .failed("23505")), all) == .at(1))
        #expect(Resumption(entry(1, .intent), all) == .look(1, index))
        #expect(Resumption(entry(2, .intent), all) == .refused(.unknown(statement: 3, edited: false)))
        #expect(Resumption(entry(3, .intent), all) == .at(3))
        // What follows may be edited, what is applied must not be.
        let tail = [all[0], SQLStatement("create index concurrently j on t (a)")]
        #expect(Resumption(entry(1, .failed("23505")), tail) == .at(1))
        #expect(Resumption(entry(1, .intent), tail) == .refused(.unknown(statement: 2, edited: true)))
        #expect(Resumption(entry(2, .applied), tail) == .refused(.headEdited(applied: 2)))
        #expect(Resumption(entry(2, .applied), []) == .refused(.headEdited(applied: 2)))
        #expect(Resumption(entry(1, .applied), all, runInTransaction: true) == .refused(.transactional(applied: 1)))
    }

    @Test(
        "what a statement makes is known, and how it is taken back, unless something may have been there before",
        arguments: [
            ("create table s.t (a int)", "DROP TABLE s.t" as String?), ("create table if not exists t (a int)", nil),
            ("create unique index i on s.t (a)", "DROP INDEX s.i"),
            ("create index concurrently i on t (a)", "DROP INDEX CONCURRENTLY IF EXISTS i"),
            ("create or replace view v as select 1", nil), ("create view v as select 1", "DROP VIEW v"),
            ("alter table t add column c numeric(1, 2)", "ALTER TABLE t DROP COLUMN c"),
            ("alter table t add c int, add d int", nil), ("alter table t add column if not exists c int", nil),
            ("alter table t add constraint k check (a > 0)", "ALTER TABLE t DROP CONSTRAINT k"),
            ("alter table t add primary key (a)", nil), ("insert into t values (1)", nil),
        ])
    func effects(_ text: String, _ inverse: String?) { #expect(StatementEffect(text)?.inverse == inverse) }
}
