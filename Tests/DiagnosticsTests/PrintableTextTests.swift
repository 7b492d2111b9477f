import Diagnostics
import Testing

@Suite struct PrintableTextTests {
    @Test(
        "What controls, what changes the text around it and what shows nothing are told apart",
        arguments: [
            ("\u{1B}", [.control, .changing, .unprintable]), ("\n", [.control, .changing, .unprintable]),
            ("\u{9B}", [.control, .changing, .unprintable]), ("\u{202E}", [.changing, .unprintable]),
            ("\u{2066}", [.changing, .unprintable]), ("\u{200F}", [.changing, .unprintable]),
            ("\u{61C}", [.changing, .unprintable]), ("\u{2028}", [.unprintable]), ("\u{200D}", [.unprintable]),
            ("\u{2060}", [.unprintable]), ("\u{AD}", [.unprintable]), (" ", []), ("\u{A0}", []), ("\u{301}", []),
            ("é", []), ("א", []),
        ] as [(Unicode.Scalar, Set<Kind>)])
    func kinds(_ scalar: Unicode.Scalar, kinds: Set<Kind>) {
        #expect(scalar.isControl == kinds.contains(.control))
        #expect(scalar.changesDisplay == kinds.contains(.changing))
        #expect(scalar.isUnprintable == kinds.contains(.unprintable))
    }

    enum Kind { case control, changing, unprintable }
}
