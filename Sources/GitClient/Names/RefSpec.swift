import Diagnostics

/// Which references of a remote are fetched to where, such as `+refs/heads/*:refs/heads/*`.
public struct RefSpec: Hashable, Sendable {
    /// What is fetched: a full name, or a prefix of names that ends with `/*`.
    public let source: String
    /// Where it goes, in the same form as ``source``.
    public let destination: String
    /// Whether the destination may move to a commit that does not contain its old one.
    public let force: Bool

    /// Makes a refspec of two names or two prefixes.
    /// - Throws: `git.refspec-invalid`.
    public init(_ source: String, to destination: String, force: Bool = true) throws {
        let wildcards = [source, destination].filter { $0.utf8.suffix(2).elementsEqual("/*".utf8) }
        let names = [source, destination].map { $0.utf8.suffix(2).elementsEqual("/*".utf8) ? "\($0.dropLast())x" : $0 }
        guard wildcards.count != 1, names.allSatisfy({ RefName.problem(of: $0) == nil }) else {
            throw SluiceError(
                "git.refspec-invalid", .stalled, "a refspec names two references, or two prefixes that end with /*",
                detail: "\(source.debugDescription) to \(destination.debugDescription)")
        }
        self.source = source
        self.destination = destination
        self.force = force
    }

    /// The form on git's command line.
    public var argument: String { "\(force ? "+" : "")\(source):\(destination)" }
}

extension RefSpec: CustomStringConvertible {
    /// The form on git's command line.
    public var description: String { argument }
}
