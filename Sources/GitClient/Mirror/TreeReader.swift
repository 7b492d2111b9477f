import CLibgit2
import Diagnostics

/// Walks the trees of commits within limits, without recursion.
struct TreeReader {
    /// A name in a tree.
    struct Entry {
        let id: ObjectID
        let mode: git_filemode_t
    }

    let repository: OpaquePointer
    let limits: TreeLimits
    private(set) var files: [GitFile] = []
    private var totalBytes = 0
    private var entries = 0

    init(repository: OpaquePointer, limits: TreeLimits) {
        self.repository = repository
        self.limits = limits
    }

    /// What stands at `path` in a commit; nil when there is nothing.
    func entry(at path: TreePath, in commit: ObjectID) throws -> Entry? {
        try entry(at: path, inTree: try Libgit2.treeID(ofCommit: commit, in: repository))
    }

    /// What stands at `path` in a tree; nil when there is nothing.
    func entry(at path: TreePath, inTree tree: ObjectID) throws -> Entry? {
        var found = Entry(id: tree, mode: GIT_FILEMODE_TREE)
        for part in path.parts {
            guard found.mode == GIT_FILEMODE_TREE else { return nil }
            let next: Entry? = try Libgit2.withTree(found.id, in: repository) { tree in
                guard let entry = git_tree_entry_byname(tree, part) else { return nil }
                return try self.entry(entry)
            }
            guard let next else { return nil }
            found = next
        }
        return found
    }

    /// Adds the files at or below `root`.
    mutating func collect(_ root: TreePath, in commit: ObjectID) throws {
        guard let entry = try entry(at: root, in: commit) else { return }
        guard entry.mode == GIT_FILEMODE_TREE else { return try add(entry, at: root.text) }
        try collect(entry.id, at: root.text) { _ in true }
    }

    /// Adds the files of a tree whose paths are wanted. Of others nothing is read.
    mutating func collect(_ tree: ObjectID, at path: String, where isWanted: (String) -> Bool) throws {
        var found: [(String, Entry)] = []
        try walk(tree, at: path) { if isWanted($0) { found.append(($0, $1)) } }
        for (path, entry) in found { try add(entry, at: path) }
    }

    /// Visits all files of a tree and reads none.
    mutating func walk(_ tree: ObjectID, at path: String = "", _ visit: (String, Entry) throws -> Void) throws {
        var trees = [(id: tree, path: path, depth: 1)]
        while let tree = trees.popLast() {
            try Task.checkCancellation()
            guard tree.depth <= limits.depth else { throw tooLarge("\(limits.depth) directories inside each other") }
            for (name, child) in try children(of: tree.id, at: tree.path) {
                let path = tree.path.isEmpty ? name : "\(tree.path)/\(name)"
                if child.mode == GIT_FILEMODE_TREE {
                    trees.append((child.id, path, tree.depth + 1))
                } else {
                    try visit(path, child)
                }
            }
        }
    }

    private mutating func children(of id: ObjectID, at path: String) throws -> [(String, Entry)] {
        let budget = limits.entries - entries
        let children = try Libgit2.withTree(id, in: repository) { tree in
            let count = git_tree_entrycount(tree)
            guard count <= budget else { throw tooLarge("\(limits.entries) names") }
            return try (0..<count).map { index in
                guard let pointer = git_tree_entry_byindex(tree, index), let name = git_tree_entry_name(pointer) else {
                    throw Libgit2.failure(GIT_ERROR.rawValue, "reading tree \(id)")
                }
                return (try TreeReader.checkedName(name, in: path), try entry(pointer))
            }
        }
        entries += children.count
        guard Set(children.map { Array($0.0.utf8) }).count == children.count else {
            throw TreeReader.hostile("two entries of the same name in \(path.debugDescription)")
        }
        return children
    }

    private mutating func add(_ entry: Entry, at path: String) throws {
        guard files.count < limits.files else { throw tooLarge("\(limits.files) files") }
        guard let mode = GitFileMode(entry.mode) else {
            throw TreeReader.hostile("an entry of an unknown kind at \(path.debugDescription)")
        }
        let bytes = mode == .gitlink ? [] : try content(of: entry.id, at: path)
        totalBytes += bytes.count
        guard totalBytes <= limits.totalBytes else { throw tooLarge("\(limits.totalBytes) bytes") }
        files.append(GitFile(path: path, mode: mode, id: entry.id, bytes: bytes))
    }

    private func content(of id: ObjectID, at path: String) throws -> [UInt8] {
        do {
            return try Libgit2.blob(id, in: repository, limit: limits.bytesPerFile)
        } catch let error as SluiceError where error.code == "git.object-too-large" {
            throw SluiceError(
                "git.tree-too-large", .stalled, "a file has more than \(limits.bytesPerFile) bytes",
                at: SourceLocation(file: path), detail: error.detail)
        }
    }

    private func entry(_ pointer: OpaquePointer) throws -> Entry {
        guard let id = ObjectID(git_tree_entry_id(pointer)) else {
            throw TreeReader.hostile("an entry without an object")
        }
        return Entry(id: id, mode: git_tree_entry_filemode(pointer))
    }

    /// A name that cannot be mistaken for another path. git's own tools never make others, but a tree can be written by
    /// hand.
    private static func checkedName(_ name: UnsafePointer<CChar>, in directory: String) throws -> String {
        guard let text = String(validatingCString: name) else {
            throw hostile("a name that is no UTF-8 in \(directory.debugDescription)")
        }
        guard !text.isEmpty, text != ".", text != "..", !text.utf8.contains(UInt8(ascii: "/")) else {
            throw hostile("the name \(text.debugDescription) in \(directory.debugDescription)")
        }
        return text
    }

    private static func hostile(_ what: String) -> SluiceError {
        SluiceError("git.tree-hostile", .stalled, "the repository's tree has \(what)")
    }

    private func tooLarge(_ limit: String) -> SluiceError {
        SluiceError("git.tree-too-large", .stalled, "the watched files of the repository exceed \(limit)")
    }
}
