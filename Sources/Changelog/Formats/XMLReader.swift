import CLibXML2
import Diagnostics

/// Reads an XML changelog with libxml2's event interface.
///
/// A DOCTYPE is refused when it begins, before anything is declared: so there are no entities but the five of XML, no
/// expansion and nothing to fetch. Schemas are never loaded. Namespaces are dropped, as Liquibase drops them; texts are
/// trimmed, as Liquibase trims them.
enum XMLReader {
    /// Done once in the process's life, as libxml2 demands before several threads use it.
    private static let libraryIsReady: Void = xmlInitParser()

    static func read(
        _ bytes: [UInt8], file: String, limits: ChangelogLimits, into findings: inout Findings
    ) -> ChangelogDocument? {
        guard bytes.contains(where: { $0 > 0x20 }) else {
            findings.error("changelog.empty-file", at: SourceLocation(file: file), "the file is empty")
            return nil
        }
        guard let input = Input(bytes, file: file, into: &findings) else { return nil }
        if let excess = XMLAttributes.firstExcess(in: input.bytes, limit: limits.attributes) {
            let line = input.bytes[..<excess].count { $0 == 0x0A } + 1
            findings.error(
                "changelog.too-large", at: SourceLocation(file: file, line: line),
                "an element has more than \(limits.attributes) attributes")
            return nil
        }
        let builder = XMLTreeBuilder(file: file, limits: limits, text: input.isUTF8 ? input.bytes : nil)
        parse(input, with: builder)
        if let failure = builder.failure {
            findings.error(failure.code, at: failure.location, failure.message, hint: failure.hint)
            return nil
        }
        guard let root = builder.root else {
            findings.error("changelog.xml", at: SourceLocation(file: file), "the file holds no element")
            return nil
        }
        guard root.name == "databaseChangeLog" else {
            findings.error(
                "changelog.root", at: root.location, "the root element is '\(root.name)', expected 'databaseChangeLog'")
            return nil
        }
        return ChangelogDocument(format: .xml, nodes: root.children)
    }

    private static func parse(_ input: Input, with builder: XMLTreeBuilder) {
        _ = libraryIsReady
        guard let context = xmlNewParserCtxt() else { return builder.fail("changelog.xml", "out of memory") }
        defer {
            if let document = context.pointee.myDoc { xmlFreeDoc(document) }
            xmlFreeParserCtxt(context)
        }
        context.pointee._private = Unmanaged.passUnretained(builder).toOpaque()
        builder.install(in: context)
        var options = Int32(XML_PARSE_NONET.rawValue)
        if input.isUTF8 { options |= Int32(XML_PARSE_IGNORE_ENC.rawValue) }
        input.bytes.withUnsafeBytes { buffer in
            let characters = buffer.bindMemory(to: CChar.self)
            context.pointee.myDoc = xmlCtxtReadMemory(
                context, characters.baseAddress, Int32(clamping: characters.count), nil,
                input.isUTF8 ? "UTF-8" : nil, options)
        }
        withExtendedLifetime(builder) {}
    }
}

extension XMLReader {
    /// The bytes as libxml2 gets them: UTF-8 wherever possible, because only then columns can be told.
    private struct Input {
        var bytes: [UInt8]
        var isUTF8: Bool

        init?(_ original: [UInt8], file: String, into findings: inout Findings) {
            if let encoding = Self.declaredEncoding(original),
                !["utf-8", "utf8", "us-ascii", "ascii"].contains(encoding),
                original.contains(where: { $0 >= 0x80 }), !original.starts(with: [0xFF, 0xFE]),
                !original.starts(with: [0xFE, 0xFF])
            {
                guard Self.isExtensionOfASCII(encoding) else {
                    findings.error(
                        "changelog.encoding", at: SourceLocation(file: file, line: 1),
                        "the encoding '\(encoding)' is not supported", hint: "save it as UTF-8")
                    return nil
                }
                bytes = original
                isUTF8 = false
                return
            }
            guard let text = SourceText.decode(original, file: file, into: &findings) else { return nil }
            bytes = Array(text.utf8)
            isUTF8 = true
        }

        /// Whether the marks of XML are in an encoding what they are in ASCII, and nothing else is.
        private static func isExtensionOfASCII(_ encoding: String) -> Bool {
            ["iso-8859-", "iso8859-", "windows-", "cp125", "koi8-", "latin", "gb", "euc-", "big5", "shift_jis", "sjis"]
                .contains(where: encoding.begins(with:))
        }

        /// The encoding that the prolog names, in lower case.
        private static func declaredEncoding(_ bytes: [UInt8]) -> String? {
            let prolog = String(decoding: bytes.prefix(200).prefix { $0 != UInt8(ascii: ">") }, as: UTF8.self)
            guard let match = prolog.firstMatch(of: /encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/) else { return nil }
            return match.1.lowercased()
        }
    }
}
