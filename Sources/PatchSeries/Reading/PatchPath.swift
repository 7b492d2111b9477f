import Diagnostics

/// Names of files in a patch: quoted as C does where they have odd characters, with one directory in front that is none.
struct PatchPath {
    let file: String?
    let line: Int

    /// A name without anything in front, as lines about renames have it.
    func plain(_ bytes: ArraySlice<UInt8>) throws -> String { try checked(try unquoted(bytes)) }

    /// A name with `a/` or `b/` in front, up to a tab; nil for `/dev/null`.
    func prefixed(_ bytes: ArraySlice<UInt8>) throws -> String? {
        let name = bytes.first == quote ? try unquoted(bytes) : Array(bytes.prefix { $0 != 0x09 })
        if name.elementsEqual("/dev/null".utf8) { return nil }
        return try checked(withoutFirst(name))
    }

    /// The name that stands twice behind `diff --git`, with different directories in front; nil when it does not.
    func common(_ bytes: ArraySlice<UInt8>) throws -> String? {
        guard bytes.count >= 5, bytes.count % 2 == 1 else { return nil }
        let middle = bytes.startIndex + bytes.count / 2
        guard bytes[middle] == 0x20 else { return nil }
        let (old, new) = (bytes[..<middle], bytes[(middle + 1)...])
        let (left, right) = (withoutFirst(try unquoted(old)), withoutFirst(try unquoted(new)))
        return left == right ? try checked(left) : nil
    }

    private var quote: UInt8 { UInt8(ascii: "\"") }

    private func withoutFirst(_ name: [UInt8]) -> [UInt8] {
        guard let slash = name.firstIndex(of: UInt8(ascii: "/")) else { return name }
        return Array(name[(slash + 1)...])
    }

    /// Takes the quotes and what they need away.
    private func unquoted(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        guard bytes.first == quote else { return Array(bytes) }
        var name: [UInt8] = []
        var rest = bytes.dropFirst()
        while let byte = rest.popFirst() {
            if byte == quote { return name }
            guard byte == UInt8(ascii: "\\") else {
                name.append(byte)
                continue
            }
            guard let escaped = rest.popFirst() else { break }
            switch escaped {
            case UInt8(ascii: "a"): name.append(0x07)
            case UInt8(ascii: "b"): name.append(0x08)
            case UInt8(ascii: "t"): name.append(0x09)
            case UInt8(ascii: "n"): name.append(0x0A)
            case UInt8(ascii: "v"): name.append(0x0B)
            case UInt8(ascii: "f"): name.append(0x0C)
            case UInt8(ascii: "r"): name.append(0x0D)
            case quote, UInt8(ascii: "\\"): name.append(escaped)
            case 0x30...0x33:
                guard let second = rest.popFirst(), let third = rest.popFirst(), (0x30...0x37).contains(second),
                    (0x30...0x37).contains(third)
                else { throw invalid("has a broken escape") }
                name.append((escaped - 0x30) << 6 | (second - 0x30) << 3 | (third - 0x30))
            default: throw invalid("has an unknown escape")
            }
        }
        throw invalid("has no closing quote")
    }

    /// A path that stays where it is meant to be, as text.
    private func checked(_ bytes: [UInt8]) throws -> String {
        guard let name = String(validating: bytes, as: UTF8.self) else { throw invalid("is no UTF-8") }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && !part.contains(0)
                && ![".", "..", ".git"].contains(String(decoding: part, as: UTF8.self).lowercased())
        }
        guard isPlain else { throw invalid("is no path inside the tree") }
        return name
    }

    private func invalid(_ problem: String) -> SluiceError {
        SluiceError(
            "patch.path-invalid", .stalled, "a name in the patch \(problem)",
            at: SourceLocation(file: file ?? "patch", line: line))
    }
}
