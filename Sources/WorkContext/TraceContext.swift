/// Which trace something belongs to, and which part of it: what W3C's Trace Context carries from program to program.
///
/// Source: W3C Trace Context, level 1, `traceparent`.
public struct TraceContext: Hashable, Sendable {
    /// The trace: 32 lower-case hexadecimal digits, not all zero.
    public let traceID: String
    /// The part of it that this is: 16 of them, not all zero.
    public let spanID: String
    /// Whether whoever began the trace records it.
    public let isSampled: Bool

    private init(traceID: String, spanID: String, isSampled: Bool) {
        self.traceID = traceID
        self.spanID = spanID
        self.isSampled = isSampled
    }

    /// Begins a trace.
    public static func begin(using generator: inout some RandomNumberGenerator) -> TraceContext {
        let high = digits(UInt64.random(in: 0 ... .max, using: &generator))
        return TraceContext(
            traceID: high + digits(UInt64.random(in: 1 ... .max, using: &generator)), spanID: span(&generator),
            isSampled: true)
    }

    /// Reads what another program says of itself; nil for what is none: it is then as if nothing had been said.
    ///
    /// Versions that do not exist yet are read as far as they are known, as the standard wants it.
    public init?(traceparent: String) {
        let bytes = Array(traceparent.utf8)
        guard bytes.count >= 55, bytes.count <= 256, bytes[2] == Self.dash, bytes[35] == Self.dash,
            bytes[52] == Self.dash, bytes.count == 55 || bytes[55] == Self.dash
        else { return nil }
        let version = bytes[0..<2]
        let parts = [version, bytes[3..<35], bytes[36..<52], bytes[53..<55]]
        guard parts.allSatisfy({ $0.allSatisfy(Self.isDigit) }), !version.allSatisfy({ $0 == Self.last }),
            bytes.count == 55 || !version.allSatisfy({ $0 == Self.zero }),
            bytes[3..<35].contains(where: { $0 != Self.zero }), bytes[36..<52].contains(where: { $0 != Self.zero }),
            let flags = UInt8(String(decoding: bytes[53..<55], as: UTF8.self), radix: 16)
        else { return nil }
        self.init(
            traceID: String(decoding: bytes[3..<35], as: UTF8.self),
            spanID: String(decoding: bytes[36..<52], as: UTF8.self), isSampled: flags & 1 == 1)
    }

    /// Another part of the same trace.
    public func child(using generator: inout some RandomNumberGenerator) -> TraceContext {
        TraceContext(traceID: traceID, spanID: Self.span(&generator), isSampled: isSampled)
    }

    /// How it is told to other programs.
    public var traceparent: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// The name of the header that tells it.
    public static let header = "traceparent"

    private static func span(_ generator: inout some RandomNumberGenerator) -> String {
        digits(UInt64.random(in: 1 ... .max, using: &generator))
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }

    private static let (dash, zero, last) = (UInt8(ascii: "-"), UInt8(ascii: "0"), UInt8(ascii: "f"))

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...last).contains(byte)
    }
}
