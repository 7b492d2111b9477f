public import DesiredState
import Diagnostics

/// Where people find what a notice is about.
public struct NoticeLinks: Hashable, Sendable {
    private let base: String

    /// Makes links below the address at which people reach the interface.
    /// - Parameter base: With a path, or none; without a query.
    public init(below base: String) {
        var base = base
        while base.ends(with: "/") { base.removeLast() }
        self.base = base
    }

    /// The address of an object's document. A name of anybody's has no character in it that means something elsewhere.
    public func address(of key: ResourceKey) -> String {
        ([base, "api", "v1", "resources", Self.encoded(key.kind)] + key.components.map(Self.encoded))
            .joined(separator: "/")
    }

    private static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~".utf8.contains(byte)
            guard !isPlain else { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return byte < 16 ? "%0\(digits)" : "%\(digits)"
        }.joined()
    }
}
