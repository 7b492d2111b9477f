import Foundation

/// Secrets that can be told from everything else in the world, and found again however they are written.
enum Canary {
    /// What all of them hold.
    private static let mark = "zq7canary"

    /// A secret for one place where secrets are kept. Its last characters are such as have to be escaped in URLs.
    static func secret(for place: String) -> String {
        "\(place)-\(mark)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    }

    /// The mark as it is, in hexadecimal digits, and in base64 wherever it may begin.
    private static let forms: [Data] = {
        let bytes = Array(mark.utf8)
        let hex = bytes.map { String($0, radix: 16) }.joined()
        let encoded = (0..<3).map { start in
            // The characters that no byte around the mark has a part in.
            let text = Data(repeating: 0, count: start) + Data(bytes)
            let range = (8 * start + 5) / 6..<8 * (start + bytes.count) / 6
            return String(text.base64EncodedString().dropFirst(range.lowerBound).prefix(range.count))
        }
        return ([mark, hex] + encoded).map { Data($0.utf8) }
    }()

    /// What stands around the first secret in some bytes; nil when there is none.
    static func trace(in data: Data) -> String? {
        for form in forms {
            guard let found = data.range(of: form) else { continue }
            let around = max(data.startIndex, found.lowerBound - 120)..<min(data.endIndex, found.upperBound + 60)
            return String(decoding: data[around], as: UTF8.self)
        }
        return nil
    }

    /// What stands around the first secret in a text; nil when there is none.
    static func trace(in text: String) -> String? { trace(in: Data(text.utf8)) }

    /// The condition, for PostgreSQL, that a text holds a secret.
    static func condition(on column: String) -> String {
        forms.map { "strpos(\(column), '\(String(decoding: $0, as: UTF8.self))') > 0" }.joined(separator: " OR ")
    }

    /// The files below a directory that hold a secret, with what stands around it.
    static func files(below directory: String) throws -> [String] {
        let root = URL(filePath: directory)
        let keys: [URLResourceKey] = [.isRegularFileKey]
        guard let all = FileManager.default.enumerator(at: root, includingPropertiesForKeys: keys) else { return [] }
        return try all.compactMap { entry in
            guard let url = entry as? URL, try url.resourceValues(forKeys: Set(keys)).isRegularFile == true else {
                return nil
            }
            let path = url.path(percentEncoded: false)
            return try trace(in: path) ?? trace(in: Data(contentsOf: url)).map { "\(path): \($0)" }
        }
    }
}
