import Diagnostics
import Testing

@Suite struct TextScrubberTests {
    @Test(arguments: [
        (
            "fatal: unable to access 'https://bob:hunter2@host/a/': 403",
            "fatal: unable to access 'https://•••@host/a/': 403"
        ),
        ("https://token@a/ and ssh://x:y@b/", "https://•••@a/ and ssh://•••@b/"),
        ("https://host/a@b", "https://host/a@b"),
        ("mail me at a@b, see https://host/", "mail me at a@b, see https://host/"),
        ("https://p@ss:w@rd@host/", "https://•••@host/"),
    ])
    func `credentials in an address are taken out`(text: String, expected: String) {
        #expect(TextScrubber().scrub(text) == expected)
    }

    @Test func `a known secret is taken out wherever it stands`() {
        let scrubber = TextScrubber(secrets: [Secret("hunter2"), Secret("")])
        #expect(scrubber.scrub("xhunter2hunter2y") == "x••••••y")
        #expect(scrubber.scrub("hhunter2\u{301} hunter") == "h•••\u{301} hunter")
    }

    @Test func `a server cannot write on the reader's terminal`() {
        #expect(TextScrubber().scrub("remote: \u{1B}[2J\u{202E}gnp\r\u{8}") == "remote:  [2J gnp  ")
    }

    @Test func `a long text is cut`() {
        #expect(TextScrubber().scrub(String(repeating: "ä", count: 100_000)).utf8.count < 5000)
    }
}
