public import Diagnostics
import Yams

/// Whether a file that is somebody else's is YAML at all, with each key once; what it says is not asked.
///
/// Tags, merge keys and whatever else YAML 1.1 has are allowed: hiera's files are read by Ruby.
public enum YAMLCheck {
    /// The first thing that is wrong with a file.
    public struct Mistake: Hashable, Sendable {
        /// What kind of thing it is.
        public enum Kind: Hashable, Sendable {
            /// The text is no YAML.
            case syntax
            /// A mapping has a key twice.
            case duplicateKey
            /// The text asks for more than is granted to any file, and was not read.
            case limit
        }

        /// What kind of thing it is.
        public let kind: Kind
        /// Where it stands.
        public let location: SourceLocation
        /// What is wrong.
        public let message: String
        /// What to do about it.
        public let hint: String?
    }

    /// What is wrong with a file; nil when nothing is.
    ///
    /// The parser recurses as deep as the text nests, up to 1000 levels: not to be called on a thread with a small stack.
    public static func mistake(
        in bytes: [UInt8], file: String, limits: ReadingLimits = ReadingLimits()
    ) -> Mistake? {
        var text = ""
        do {
            text = try SourceText.decode(bytes, file: file, limit: limits.fileSize)
            try AliasGrowth.check(text, file: file, limits: limits)
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while try parser.nextRoot() != nil {}
            return nil
        } catch let refusal as Refusal {
            return Mistake(refusal)
        } catch YamlError.duplicatedKeysInMapping(let names, let context) where names.allSatisfy({ $0 == "<<" }) {
            // Ruby merges both; the parser here goes no further.
            let place = SourceLocation(file: file, line: context.mark.line, column: context.mark.column)
            return Mistake(Refusal(.limit, place, "a mapping merges twice (<<): what follows was not read"))
        } catch let error as YamlError {
            return Mistake(YAMLProblem.refusal(for: error, in: text, file: file))
        } catch {
            return Mistake(Refusal(.syntax, SourceLocation(file: file), "the file cannot be read as YAML"))
        }
    }
}

extension YAMLCheck.Mistake {
    fileprivate init(_ refusal: Refusal) {
        let kind: Kind =
            switch refusal.code {
            case .duplicateKey: .duplicateKey
            case .limit: .limit
            default: .syntax
            }
        self.init(kind: kind, location: refusal.location, message: refusal.message, hint: refusal.hint)
    }
}
