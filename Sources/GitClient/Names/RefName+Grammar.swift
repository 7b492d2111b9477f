extension RefName {
    /// The rule of `git check-ref-format` (or of ours) that `name` breaks; nil when it is allowed.
    static func problem(of name: String) -> String? {
        if name.utf8.elementsEqual("HEAD".utf8) { return nil }
        guard name.utf8.starts(with: "refs/".utf8) else { return "it does not begin with refs/" }
        guard name.utf8.count <= maximumLength else { return "it is longer than \(maximumLength) bytes" }
        let bytes = Array(name.utf8)
        for (byte, next) in zip(bytes, bytes.dropFirst() + [0x2F]) {
            if let problem = problem(of: byte, before: next) { return problem }
        }
        for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            if let problem = problem(ofPart: part) { return problem }
        }
        return bytes.last == UInt8(ascii: ".") ? "it ends with a dot" : nil
    }

    private static func problem(of byte: UInt8, before next: UInt8) -> String? {
        switch (byte, next) {
        case (0..<0x20, _), (0x7F, _): "it has a control character"
        case (UInt8(ascii: " "), _): "it has a space"
        case (UInt8(ascii: "~"), _), (UInt8(ascii: "^"), _), (UInt8(ascii: ":"), _), (UInt8(ascii: "?"), _),
            (UInt8(ascii: "*"), _), (UInt8(ascii: "["), _), (UInt8(ascii: "\\"), _):
            "it has one of ~ ^ : ? * [ \\"
        case (UInt8(ascii: "."), UInt8(ascii: ".")): "it has two dots in a row"
        case (UInt8(ascii: "@"), UInt8(ascii: "{")): "it has @{"
        default: nil
        }
    }

    private static func problem(ofPart part: ArraySlice<UInt8>) -> String? {
        if part.isEmpty { return "it has an empty part" }
        if part.first == UInt8(ascii: ".") { return "a part begins with a dot" }
        if part.suffix(5).elementsEqual(".lock".utf8) { return "a part ends with .lock" }
        return nil
    }
}
