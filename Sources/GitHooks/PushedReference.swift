import Diagnostics
public import GitClient

/// A reference that a push wants to move, as git tells its hooks: `<old> <new> <name>` on a line.
///
/// This room is what git's own hooks call: it judges what is pushed, before it is taken in, and puts the hooks in place. It
/// must not know a controller.
public struct PushedReference: Hashable, Sendable {
    /// Where it stands; nil when it is new.
    public let old: ObjectID?
    /// Where it is to stand; nil when it is to go.
    public let new: ObjectID?
    /// Its name.
    public let name: String

    /// How many references of one push are looked at.
    public static let limit = 1_000

    /// Makes a reference.
    public init(old: ObjectID?, new: ObjectID?, name: String) {
        self.old = old
        self.new = new
        self.name = name
    }

    /// Reads what git writes to a hook.
    /// - Throws: `hook.input-invalid`, when it is something else or there is too much of it.
    public static func read(_ text: String) throws -> [PushedReference] {
        let lines = text.words(at: "\n")
        guard lines.count <= limit else {
            throw SluiceError(
                "hook.input-invalid", .stalled, "the push moves more than \(limit) references",
                hint: "push in smaller steps")
        }
        return try lines.map { line in
            let parts = line.words(at: " ", maxSplits: 2).map(String.init)
            guard parts.count == 3, let old = parts.first, let name = parts.last else { throw Self.unreadable }
            return PushedReference(old: try commit(old), new: try commit(parts[1]), name: name)
        }
    }

    private static func commit(_ text: String) throws -> ObjectID? {
        if !text.isEmpty, text.allSatisfy({ $0 == "0" }) { return nil }
        do { return try ObjectID(text) } catch { throw unreadable }
    }

    private static var unreadable: SluiceError {
        SluiceError(
            "hook.input-invalid", .stalled, "a hook reads lines of the form: old new reference",
            hint: "git writes them to its hooks")
    }
}
