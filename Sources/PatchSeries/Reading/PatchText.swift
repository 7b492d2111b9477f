import Diagnostics

/// The lines of a patch's text, read one after the other.
struct PatchText {
    let bytes: [UInt8]
    private(set) var position = 0
    /// The number of the line at `position`, from 1.
    private(set) var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    /// The line at the position with its line feed, if it has one; nil at the end.
    var current: ArraySlice<UInt8>? {
        guard position < bytes.count else { return nil }
        let rest = bytes[position...]
        return rest[..<(rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex)]
    }

    /// The line after the current one.
    var following: ArraySlice<UInt8>? {
        var next = self
        next.advance()
        return next.current
    }

    mutating func advance() {
        guard let current else { return }
        position = current.endIndex
        line += 1
    }

    /// The rest of the current line after a prefix, without the line feed; nil when it begins in another way.
    func rest(after prefix: StaticString) -> ArraySlice<UInt8>? {
        guard let current else { return nil }
        return current.rest(after: prefix)
    }

    /// The error of a text that ends, or goes on, in a way that no patch does.
    func corrupt(_ problem: String, file: String?) -> SluiceError {
        SluiceError(
            "patch.corrupt", .stalled, "the patch is broken: \(problem)",
            at: SourceLocation(file: file ?? "patch", line: line))
    }
}

extension ArraySlice<UInt8> {
    /// What follows a prefix, without a line feed at the end; nil when it begins in another way.
    func rest(after prefix: StaticString) -> ArraySlice<UInt8>? {
        let matches = prefix.withUTF8Buffer { starts(with: $0) }
        return matches ? dropFirst(prefix.utf8CodeUnitCount).withoutLineFeed : nil
    }

    /// The same without a line feed at the end.
    var withoutLineFeed: ArraySlice<UInt8> { last == 0x0A ? dropLast() : self }
}
