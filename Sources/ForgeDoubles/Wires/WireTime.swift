import Foundation
import Glibc

/// Times as hosts write them.
enum WireTime {
    /// A time in UTC, in the form of `strftime`.
    static func text(_ date: Date, as format: String, offset seconds: Int = 0) -> String {
        var time = time_t(date.timeIntervalSince1970.rounded(.down)) + seconds
        var parts = tm()
        gmtime_r(&time, &parts)
        var buffer = [CChar](repeating: 0, count: 64)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
