import CLibXML2
import Diagnostics

/// Builds ``ChangelogNode``s from libxml2's events and stops the parser when a limit is passed.
///
/// One object a parse, used by one thread while the parse runs; libxml2 carries a pointer to it.
final class XMLTreeBuilder {
    struct Failure {
        var code: String
        var location: SourceLocation
        var message: String
        var hint: String?
    }

    private(set) var root: ChangelogNode?
    private(set) var failure: Failure?

    private struct Frame {
        var node: ChangelogNode
        var text = ""
        /// Whether it is Liquibase's own, and not an extension's.
        var isStandard: Bool
    }

    private let file: String
    private let limits: ChangelogLimits
    private var position: TextPosition?
    private var frames: [Frame] = []
    private var nodeCount = 0

    /// `text` are the bytes that libxml2 reads, when they are UTF-8: the source of columns.
    init(file: String, limits: ChangelogLimits, text: [UInt8]?) {
        self.file = file
        self.limits = limits
        position = text.map(TextPosition.init)
    }

    /// Records the first failure; the caller stops the parser.
    func fail(_ code: String, _ message: String, at location: SourceLocation? = nil, hint: String? = nil) {
        guard failure == nil else { return }
        failure = Failure(code: code, location: location ?? SourceLocation(file: file), message: message, hint: hint)
    }

    fileprivate func start(
        _ name: String, isStandard: Bool, attributes: [(String, String)], at location: SourceLocation
    ) -> Bool {
        nodeCount += 1 + attributes.count
        guard frames.count < limits.nodeDepth else {
            fail("changelog.too-deep", "elements stand more than \(limits.nodeDepth) deep", at: location)
            return false
        }
        guard nodeCount <= limits.nodesPerFile else {
            fail("changelog.too-large", "the file holds more than \(limits.nodesPerFile) elements", at: location)
            return false
        }
        let children = attributes.map { ChangelogNode(name: $0.0, value: $0.1, location: location) }
        frames.append(
            Frame(node: ChangelogNode(name: name, children: children, location: location), isStandard: isStandard))
        return true
    }

    fileprivate func end() -> Bool {
        guard var frame = frames.popLast() else { return true }
        frame.node.value = frame.text.javaTrimmedToNil
        if frame.isStandard, let mistake = XMLSchemaRules.violation(in: frame.node, below: frames.last?.node.name) {
            fail("changelog.xml.schema", mistake, at: frame.node.location, hint: "Liquibase's XML schema wants it so")
            return false
        }
        if frames.isEmpty {
            root = frame.node
        } else {
            frames[frames.count - 1].node.children.append(frame.node)
        }
        return true
    }

    fileprivate func append(_ text: UnsafeBufferPointer<UInt8>) {
        guard !frames.isEmpty else { return }
        frames[frames.count - 1].text += String(decoding: text, as: UTF8.self)
    }

    /// Where the start tag that libxml2 has just read begins. No `<` can stand inside a start tag, so the nearest one
    /// backwards is its own.
    fileprivate func startOfTag(in context: xmlParserCtxt) -> SourceLocation {
        guard let input = context.input?.pointee else { return SourceLocation(file: file) }
        guard position != nil, let base = input.base, let current = input.cur else {
            return SourceLocation(file: file, line: Int(input.line))
        }
        var start = current
        while start > base, start.pointee != UInt8(ascii: "<") { start -= 1 }
        return location(offset: Int(input.consumed) + (start - base)) ?? SourceLocation(file: file)
    }

    private func location(offset: Int) -> SourceLocation? {
        guard let place = position?.advance(to: offset) else { return nil }
        return SourceLocation(file: file, line: place.line, column: place.column)
    }
}

extension XMLTreeBuilder {
    /// How the namespaces of Liquibase's own elements begin; the oldest have a version behind it.
    private static let namespace = "http://www.liquibase.org/xml/ns/dbchangelog"

    /// Takes the place of libxml2's own tree builder.
    func install(in context: xmlParserCtxtPtr) {
        guard let events = context.pointee.sax else { return fail("changelog.xml", "out of memory") }
        events.pointee.startElementNs = { context, name, _, space, _, _, count, _, attributes in
            guard let (context, builder) = XMLTreeBuilder.of(context), let name else { return }
            let location = builder.startOfTag(in: context.pointee)
            let pairs = XMLTreeBuilder.attributes(attributes, count: Int(count))
            let space = space.map { String(cString: $0) } ?? ""
            let isStandard = space == XMLTreeBuilder.namespace || space.begins(with: XMLTreeBuilder.namespace + "/")
            let isAllowed = builder.start(
                String(cString: name), isStandard: isStandard, attributes: pairs, at: location)
            if !isAllowed { xmlStopParser(context) }
        }
        events.pointee.endElementNs = { context, _, _, _ in
            guard let (context, builder) = XMLTreeBuilder.of(context) else { return }
            if !builder.end() { xmlStopParser(context) }
        }
        events.pointee.characters = { context, text, count in
            XMLTreeBuilder.of(context)?.1.append(UnsafeBufferPointer(start: text, count: Int(count)))
        }
        events.pointee.ignorableWhitespace = events.pointee.characters
        events.pointee.cdataBlock = events.pointee.characters
        events.pointee.comment = nil
        events.pointee.processingInstruction = nil
        events.pointee.reference = nil
        events.pointee.internalSubset = { context, _, _, _ in
            guard let (context, builder) = XMLTreeBuilder.of(context) else { return }
            builder.fail(
                "changelog.xml.doctype", "a DOCTYPE is not allowed", at: builder.current(in: context.pointee),
                hint: "remove it: entities and DTDs are never read")
            xmlStopParser(context)
        }
        events.pointee.serror = { context, error in
            guard let (context, builder) = XMLTreeBuilder.of(context), let error = error?.pointee,
                error.level.rawValue >= XML_ERR_ERROR.rawValue
            else { return }
            builder.fail(error, in: context.pointee)
        }
    }

    private func current(in context: xmlParserCtxt) -> SourceLocation {
        guard let input = context.input?.pointee else { return SourceLocation(file: file) }
        return SourceLocation(file: file, line: Int(input.line), column: Int(input.col))
    }

    private func fail(_ error: xmlError, in context: xmlParserCtxt) {
        let message = error.message.map { String(cString: $0).javaTrimmed } ?? "the XML is not well formed"
        let location = SourceLocation(
            file: file, line: error.line > 0 ? Int(error.line) : nil, column: error.int2 > 0 ? Int(error.int2) : nil)
        let isDepth = message.begins(with: "Excessive depth")
        fail(
            isDepth ? "changelog.too-deep" : "changelog.xml",
            isDepth ? "elements stand too deep in elements" : "XML: \(message)", at: location)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> (xmlParserCtxtPtr, XMLTreeBuilder)? {
        guard let context = context?.assumingMemoryBound(to: xmlParserCtxt.self), let held = context.pointee._private
        else { return nil }
        return (context, Unmanaged<XMLTreeBuilder>.fromOpaque(held).takeUnretainedValue())
    }

    /// libxml2 gives five pointers an attribute: local name, prefix, URI, begin and end of the value.
    private static func attributes(
        _ pointers: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, count: Int
    ) -> [(String, String)] {
        guard let pointers else { return [] }
        return (0..<count).compactMap { index in
            guard let name = pointers[index * 5], let begin = pointers[index * 5 + 3], let end = pointers[index * 5 + 4]
            else { return nil }
            let value = String(decoding: UnsafeBufferPointer(start: begin, count: end - begin), as: UTF8.self)
            // Without entity substitution libxml2 hands on an ampersand in its escaped form, and only in this one.
            return (
                String(cString: name),
                value.utf8.contains(UInt8(ascii: "&")) ? value.replacingAll("&#38;", with: "&") : value
            )
        }
    }
}
