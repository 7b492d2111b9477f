public import DesiredState
import Diagnostics
public import GitClient

/// The files of one tree that are checked, told apart by what they are.
public struct TreeContents: Sendable {
    let tree: ObjectID
    /// The Puppetfile; nil when there is none.
    let puppetfile: GitFile?
    /// hiera's files.
    let data: [GitFile]
    /// Puppet's manifests.
    let manifests: [GitFile]

    /// Tells files apart by their paths. Others are left out.
    init(tree: ObjectID, files: [GitFile], checks: ControlChecks) {
        self.tree = tree
        let roles = files.map { (file: $0, role: Role(path: $0.path, checks: checks)) }
        puppetfile = roles.first { $0.role == .puppetfile }?.file
        data = roles.filter { $0.role == .data }.map(\.file)
        manifests = roles.filter { $0.role == .manifest }.map(\.file)
    }

    /// How much was read.
    var byteCount: Int { ([puppetfile].compactMap(\.self) + data + manifests).reduce(0) { $0 + $1.bytes.count } }

    /// What a file is to the checks.
    enum Role: Hashable {
        case puppetfile, data, manifest

        /// Nil for what is not looked at. Paths are compared by their bytes, as git has them.
        init?(path: String, checks: ControlChecks) {
            if path.utf8.elementsEqual(checks.puppetfile.utf8) {
                self = .puppetfile
            } else if Self.isYAML(path), checks.data.contains(where: { Self.isAt(path, orBelow: $0) }) {
                self = .data
            } else if path.utf8.suffix(3).elementsEqual(".pp".utf8), checks.parser != .off || checks.lint != .off {
                self = .manifest
            } else {
                return nil
            }
        }

        private static func isYAML(_ path: String) -> Bool {
            [".yaml", ".yml", ".eyaml"].contains { path.utf8.suffix($0.utf8.count).elementsEqual($0.utf8) }
        }

        private static func isAt(_ path: String, orBelow root: String) -> Bool {
            guard path.utf8.starts(with: root.utf8) else { return false }
            let rest = path.utf8.dropFirst(root.utf8.count)
            return root.isEmpty || rest.isEmpty || rest.first == UInt8(ascii: "/")
        }
    }

    /// How much of a tree is read. What somebody pushes may be anything.
    static let limits = TreeLimits(files: 20_000, bytesPerFile: 4 << 20, totalBytes: 64 << 20)
}

extension TreeContents {
    /// Reads the files of a tree, which may have been made in memory.
    /// - Throws: `git.tree-too-large`, `git.object-missing`.
    public init(of tree: ObjectID, checks: ControlChecks, in trial: Speculation) throws {
        let files = try trial.files(inTree: tree, limits: Self.limits) { Role(path: $0, checks: checks) != nil }
        self.init(tree: tree, files: files, checks: checks)
    }
}
