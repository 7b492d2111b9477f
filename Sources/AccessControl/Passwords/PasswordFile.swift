public import Diagnostics

/// The people who may come with a name and a password: a line `name:hash` each, as in the file of a web server; empty
/// lines and lines that begin with `#` say nothing.
public struct PasswordFile: Sendable {
    /// The hashes by name.
    public let hashes: [String: PasswordHash]

    /// How many people a file may name.
    public static let limit = 1_000

    /// Reads a file. Throws `password.malformed-file` with the line, and never what stands there.
    public init(_ text: Secret<String>, from place: String) throws(SluiceError) {
        var hashes: [String: PasswordHash] = [:]
        let lines = text.reveal().split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.isEmpty || line.begins(with: "#") { continue }
            let location = SourceLocation(file: place, line: index + 1, column: 1)
            let halves = line.parts(at: ":", maxSplits: 1)
            guard halves.count == 2, Self.isName(halves[0]) else {
                throw Self.malformed("expected NAME:HASH", at: location)
            }
            let name = String(halves[0])
            guard !Subject.isReserved(name) else {
                throw Self.malformed("the name means somebody else here", at: location)
            }
            guard hashes[name] == nil else { throw Self.malformed("the name stands there twice", at: location) }
            guard hashes.count < Self.limit else {
                throw Self.malformed("more than \(Self.limit) people are named", at: location)
            }
            do {
                hashes[name] = try PasswordHash(String(halves[1]))
            } catch {
                throw Self.malformed(error.message, at: location)
            }
        }
        self.hashes = hashes
    }

    private static func isName(_ name: Substring) -> Bool {
        (1...100).contains(name.count) && !name.unicodeScalars.contains(where: \.changesDisplay)
    }

    private static func malformed(_ why: String, at location: SourceLocation) -> SluiceError {
        SluiceError(
            "password.malformed-file", .stalled, "the file of passwords is not understood: \(why)",
            hint: "make a line with: sluice auth hash-password NAME", at: location)
    }
}
