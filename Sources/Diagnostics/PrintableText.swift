extension Unicode.Scalar {
    /// Whether it is a control character: no name of anything needs one.
    public var isControl: Bool { properties.generalCategory == .control }

    /// Whether it does something to the text around it: a control character, or one that turns the direction, with which code is
    /// shown in another order than it is read ("Trojan Source", CVE-2021-42574). A joiner, as letters and emoji need it, does not.
    /// What nobody but a machine compares, such as the id of a candidate, may have one.
    public var changesDisplay: Bool { isControl || properties.isBidiControl }

    /// Whether it shows nothing itself: a control character, a separator of lines or paragraphs, or a format, such as a direction
    /// or a joiner. Nothing of the kind belongs on a terminal or in a message.
    public var isUnprintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension String {
    /// At most so many characters, those that show nothing made visible: fit for a message.
    public func escaped(upTo limit: Int) -> String {
        let visible = unicodeScalars.prefix(limit).map { $0.isUnprintable ? $0.escaped(asASCII: true) : String($0) }
        return visible.joined() + (unicodeScalars.count > limit ? "…" : "")
    }
}
