import Diagnostics
import Testing

@Suite struct PrintableScalarTests {
    @Test(
        "What shows nothing is told from what also changes the text around it",
        arguments: [
            ("\u{1B}", true, true), ("\n", true, true), ("\u{9B}", true, true), ("\u{202E}", true, true),
            ("\u{2066}", true, true), ("\u{200F}", true, true), ("\u{61C}", true, true), ("\u{2028}", true, false),
            ("\u{200D}", true, false), ("\u{2060}", true, false), ("\u{AD}", true, false), (" ", false, false),
            ("\u{A0}", false, false), ("\u{301}", false, false), ("é", false, false), ("א", false, false),
        ] as [(Unicode.Scalar, Bool, Bool)])
    func kinds(_ scalar: Unicode.Scalar, isUnprintable: Bool, isControl: Bool) {
        #expect(scalar.isUnprintable == isUnprintable)
        #expect(scalar.isControl == isControl)
    }
}
