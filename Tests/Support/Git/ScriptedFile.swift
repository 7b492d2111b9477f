public import GitClient

/// A file of a scripted commit.
public enum ScriptedFile: Sendable, ExpressibleByStringLiteral {
    /// An ordinary file with this content.
    case text(String)
    /// An ordinary file with these bytes.
    case bytes([UInt8])
    /// A file that may be executed.
    case executable(String)
    /// A symbolic link to this path.
    case symbolicLink(String)
    /// A submodule at this commit.
    case gitlink(ObjectID)
    /// No file: it is deleted.
    case deleted

    /// An ordinary file.
    public init(stringLiteral value: String) { self = .text(value) }
}

/// The input language of `git fast-import`: a commit in one child process.
enum FastImport {
    static let date = "1700000000 +0000"

    static func commit(
        _ files: [String: ScriptedFile], on reference: String, parent: ObjectID?, message: String
    ) -> [UInt8] {
        let person = "Ada Author <ada@example.org> \(date)"
        var stream = Array("commit \(reference)\nauthor \(person)\ncommitter \(person)\n".utf8)
        stream += data(Array(message.utf8))
        if let parent { stream += Array("from \(parent)\n".utf8) }
        for (path, file) in files.sorted(by: { $0.key < $1.key }) { stream += change(path, file) }
        return stream + Array("\n".utf8)
    }

    private static func change(_ path: String, _ file: ScriptedFile) -> [UInt8] {
        let name = "\"" + path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"\n"
        return switch file {
        case .text(let text): Array("M 100644 inline \(name)".utf8) + data(Array(text.utf8))
        case .bytes(let bytes): Array("M 100644 inline \(name)".utf8) + data(bytes)
        case .executable(let text): Array("M 100755 inline \(name)".utf8) + data(Array(text.utf8))
        case .symbolicLink(let target): Array("M 120000 inline \(name)".utf8) + data(Array(target.utf8))
        case .gitlink(let commit): Array("M 160000 \(commit) \(name)".utf8)
        case .deleted: Array("D \(name)".utf8)
        }
    }

    private static func data(_ bytes: [UInt8]) -> [UInt8] { Array("data \(bytes.count)\n".utf8) + bytes + [0x0A] }
}
