import Diagnostics

extension ChangeDecoder {
    /// The bytes of the file that an attribute names, looked up beside the changelog or from the root.
    ///
    /// A file that is not there, may not be read, or lies outside is a finding.
    public mutating func file(_ path: String, relative: Bool) -> [UInt8]? {
        do throws(ChangelogPath.Refusal) {
            return file(at: try context.path(path, relativeToChangelog: relative), written: path)
        } catch {
            report(
                "\"\(path.limited(to: 200))\": \(error.sentence)",
                hint: "paths are relative to the root of the changelog and use '/'", code: error.rawValue)
            return nil
        }
    }

    private mutating func file(at path: ChangelogPath, written: String) -> [UInt8]? {
        let name = path.normalized.limited(to: 200)
        guard !path.normalized.lowercased().ends(with: ".gz") else {
            report(
                "the file \"\(name)\" is compressed, which is not supported here",
                hint: "keep it as it is without compression", code: "changelog.unsupported-file")
            return nil
        }
        do {
            if let bytes = try context.source.contents(of: path.normalized) { return bytes }
            // Liquibase takes a slash in front for the root of the search path, which authors seldom mean.
            report(
                "there is no file \"\(name)\"",
                hint: path.isAbsolute ? "paths are relative to the root of the changelog" : nil)
        } catch {
            report("the file \"\(name)\" cannot be read: \(error)")
        }
        return nil
    }

    /// The text of a file, in UTF-8 or the given encoding, without a byte order mark.
    public mutating func text(ofFile path: String, relative: Bool, encoding: String?) -> String? {
        guard let bytes = file(path, relative: relative) else { return nil }
        return text(bytes, encoding: encoding)
    }

    /// The text of some bytes, as above.
    mutating func text(_ bytes: [UInt8], encoding: String?) -> String? {
        var bytes = bytes[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        switch encoding?.trimmedOrNil?.lowercased() {
        case nil, "utf-8", "utf8", "us-ascii", "ascii":
            return String(decoding: bytes, as: UTF8.self)
        case "iso-8859-1", "latin1", "iso8859_1", "iso8859-1":
            var text = String.UnicodeScalarView()
            text.append(contentsOf: bytes.map { Unicode.Scalar($0) })
            return String(text)
        case let other?:
            report("the encoding \"\(other.limited(to: 40))\" is not supported", hint: "use UTF-8")
            return nil
        }
    }
}
