import Testing

@testable import Changelog

@Suite struct BooksTests {
    @Test("a row that ran again takes the place of the old one")
    func note() {
        let identity = ChangeSet.Identity(id: "1", author: "a", path: "c")
        var books = Books([
            BookEntry(identity: identity, order: 1),
            BookEntry(identity: .init(id: "2", author: "a", path: "c"), order: 2),
        ])
        #expect(books.nextOrder == 3)
        books.note(BookEntry(identity: identity, order: 3, execType: .reran))
        #expect(books.entries.map(\.order) == [3, 2])
        #expect(books[identity]?.execType == .reran)
        #expect(books.nextOrder == 4)
    }

    @Test("ids that look the same and are written in other characters are two, as in the books")
    func canonicalEquivalents() {
        let one = ChangeSet.Identity(id: "caf\u{E9}", author: "a", path: "c")
        let two = ChangeSet.Identity(id: "cafe\u{301}", author: "a", path: "c")
        #expect(one != two && Set([one, two]).count == 2)
        #expect(Books([BookEntry(identity: one)])[two] == nil)
    }

    @Test(
        "a text is cut to the length of its column in the units that Java counts",
        arguments: [
            (String(repeating: "e\u{301}", count: 130), 250, 250), (String(repeating: "a", count: 250), 250, 250),
            (String(repeating: "a", count: 251), 250, 250), (String(repeating: "\u{1F600}", count: 130), 250, 249),
        ])
    func cut(_ text: String, _ limit: Int, _ length: Int) {
        let cut = text.limitedWithDots(to: limit)
        #expect(cut.utf16.count == length && (cut == text) == (text.utf16.count <= limit))
        #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
    }

    @Test("the row of a changeset says what Liquibase's would say")
    func row() throws {
        let comment = "<comment> it's\n new </comment>"
        let prepared = try Preparing.only("\(comment)<tagDatabase tag=\"v1\"/>", "context=\"a and b\" labels=\"l1\"")
        let row = BooksLayout().record(
            prepared, .init(order: 7, execType: .executed, deploymentID: "0123456789", engine: "sluice"))
        #expect(
            row == """
                INSERT INTO public.databasechangelog (ID, AUTHOR, FILENAME, DATEEXECUTED, ORDEREXECUTED, MD5SUM, \
                DESCRIPTION, COMMENTS, EXECTYPE, CONTEXTS, LABELS, LIQUIBASE, DEPLOYMENT_ID, TAG) VALUES \
                ('1', 'a', 'changelog.xml', NOW(), 7, '\(prepared.checksum)', 'tagDatabase', 'it''s
                 new', 'EXECUTED', '(a and b)', 'l1', 'sluice', '0123456789', 'v1')
                """)
    }

    @Test(
        "a lock row of Sluice names its session, and others do not",
        arguments: [
            ("web-1 (sluice 7) [sluice token=k3 pid=42 start=1700000000.25]", 42 as Int?, "1700000000.25", "k3"),
            ("host [sluice pid=42 start=1700000000.25]", 42, "1700000000.25", ""),
            ("otherhost (10.0.0.1)", nil, "", ""), ("x [sluice pid=q start=1]", nil, "", ""),
            ("x [sluice pid=1]", nil, "", ""), ("x [sluice 1]", nil, "", ""),
        ])
    func holders(_ text: String, _ pid: Int?, _ start: String, _ token: String) {
        let holder = LockHolder(text)
        #expect(holder?.processID == pid)
        #expect(holder?.sessionStart == (pid == nil ? nil : start))
        #expect(holder?.token == (pid == nil ? nil : token))
    }
}
