import Glibc

/// Where a command writes: data on standard output, talk on standard error, colour where a person looks.
///
/// What a command says holds names, titles and messages of strangers. All of it is made printable here, on its way out: no
/// text of theirs moves the cursor, clears the screen or turns the direction of writing. Documents for programs go out as
/// they are, by ``printExactly(_:)``.
package struct Console: Sendable {
    /// Takes what is written to one of the two ways out.
    package typealias Sink = @Sendable (_ text: String) throws -> Void

    /// Whoever reads our output has closed it: there is nobody to write for, and nothing to complain about.
    package struct ReaderGone: Error {
        package init() {}
    }

    private let output: Sink
    private let talk: Sink
    /// Whether colours may be used on standard output.
    package let usesColour: Bool
    /// Whether a person can be asked.
    package let isInteractive: Bool

    /// Makes a console over two ways out.
    package init(output: @escaping Sink, talk: @escaping Sink, usesColour: Bool = false, isInteractive: Bool = false) {
        self.output = output
        self.talk = talk
        self.usesColour = usesColour
        self.isInteractive = isInteractive
    }

    /// The process's own, under its environment.
    package static func standard(environment: [String: String]) -> Console {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        return Console(
            output: { try write($0, to: STDOUT_FILENO) }, talk: { try write($0, to: STDERR_FILENO) },
            usesColour: allowsColour(environment, isTerminal: isTerminal),
            isInteractive: isTerminal && isatty(STDIN_FILENO) == 1)
    }

    /// Whether colours may be used: `NO_COLOR` and `TERM=dumb` forbid them, `CLICOLOR_FORCE` wants them, otherwise a
    /// terminal decides.
    package static func allowsColour(_ environment: [String: String], isTerminal: Bool) -> Bool {
        if environment["NO_COLOR"].map({ !$0.isEmpty }) ?? false { return false }
        if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
        return isTerminal && environment["TERM"] != "dumb"
    }

    /// Writes a line of data, or several.
    package func print(_ line: String = "") throws { try output(printable(line) + "\n") }

    /// Writes a document for programs: JSON, YAML, SQL. Every byte of it counts.
    package func printExactly(_ document: String) throws { try output(document + "\n") }

    /// Says something that is not data. Nobody listening is no error.
    package func say(_ line: String) { try? talk(printable(line) + "\n") }

    /// The text with nothing in it that does something to a terminal, but for our own colours.
    private func printable(_ text: String) -> String {
        guard usesColour else { return text.harmless }
        let pieces = text.split(separator: Self.escape, omittingEmptySubsequences: false)
        return pieces.dropFirst().reduce(into: String(pieces.first ?? "").harmless) { shown, piece in
            let code = piece.prefix { $0 != "m" }
            let isOurs =
                code.endIndex < piece.endIndex && (code == "0" || Int(code).flatMap(Colour.init(rawValue:)) != nil)
            shown +=
                isOurs ? Self.escape + code + String(piece[code.endIndex...]).harmless : " [" + String(piece).harmless
        }
    }

    private static let escape = "\u{1B}["

    /// The text in a colour, where colours may be used.
    package func paint(_ text: String, _ colour: Colour) -> String {
        usesColour ? "\(Self.escape)\(colour.rawValue)m\(text)\(Self.escape)0m" : text
    }

    /// The few colours there are. None of them means anything by itself: the words say the same.
    package enum Colour: Int {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case cyan = 36
    }

    /// Writes all of a text.
    ///
    /// - Throws: ``ReaderGone``; ``CommandFailure`` for any other error: half an output must not pass for a whole one.
    static func write(_ text: String, to descriptor: Int32) throws {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                bytes = bytes.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: break
            case EAGAIN:
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            case EPIPE: throw ReaderGone()
            case let code:
                throw CommandFailure(.internalError, "the output cannot be written: \(String(cString: strerror(code)))")
            }
        }
    }
}
