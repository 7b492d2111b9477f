import Changelog
import CommittedChangelog
import Diagnostics
import Foundation
import GitClient
import Terminal

/// The search path in the history of the repository that it is checked out from.
struct SearchPathHistory {
    private let repository: GitMirror
    private let folders: [String]
    /// What is checked out.
    let head: ObjectID
    /// The branch that it is for.
    let target: ObjectID
    /// Where the two parted.
    let base: ObjectID

    /// Finds the repository and the commits.
    /// - Parameter revision: The branch that the checkout is for, such as `origin/master`.
    init(of directories: [String], for revision: String) async throws {
        guard let first = directories.first else { throw CommandFailure(.usage, "the search path is empty") }
        repository = try await GitMirror.open(checkedOutAt: first)
        guard let top = try await repository.workTree() else {
            throw CommandFailure(.usage, "\(first) is in a repository without a work tree")
        }
        folders = try directories.map { try Self.folder($0, in: top) }
        guard let target = try await repository.commit(named: revision) else {
            throw CommandFailure(
                .usage, "there is no commit \(revision)",
                hint: "fetch it first, or name another: --base-ref origin/master")
        }
        guard let head = try await repository.commit(named: "HEAD") else {
            throw CommandFailure(.usage, "nothing is committed on the branch that is checked out")
        }
        guard let base = try await repository.mergeBase(target, head) else {
            throw CommandFailure(.usage, "what is checked out has no commit in common with \(revision)")
        }
        (self.head, self.target, self.base) = (head, target, base)
    }

    /// The files of the search path as a commit has them.
    func source(at commit: ObjectID) async throws -> CommitSource {
        searchPath(of: try await repository.files(in: commit, under: folders))
    }

    /// The files as a merge of what is checked out into the target would have them; nil when git cannot merge them.
    func mergedSource() async throws -> CommitSource? {
        guard
            case .merged(let files) = try await repository.mergedFiles(
                of: head, with: target, from: base, under: folders)
        else { return nil }
        return searchPath(of: files)
    }

    /// Files by the paths that a changelog knows them under; of two with one path that of the first directory counts.
    private func searchPath(of files: [GitFile]) -> CommitSource {
        CommitSource(
            folders.flatMap { folder in
                files.compactMap { file in
                    guard !folder.isEmpty else { return file }
                    guard file.path.utf8.starts(with: "\(folder)/".utf8) else { return nil }
                    let path = String(decoding: file.path.utf8.dropFirst(folder.utf8.count + 1), as: UTF8.self)
                    return GitFile(path: path, mode: file.mode, id: file.id, bytes: file.bytes)
                }
            })
    }

    private static func folder(_ directory: String, in top: String) throws -> String {
        let path = parts(URL(filePath: directory).resolvingSymlinksInPath())
        let root = parts(URL(filePath: top).resolvingSymlinksInPath())
        guard path.starts(with: root) else {
            throw CommandFailure(
                .usage, "\(directory) is not in the work tree \(top)",
                hint: "with --base-ref the whole search path lies in one repository")
        }
        return path.dropFirst(root.count).joined(separator: "/")
    }

    private static func parts(_ url: URL) -> [String] { url.pathComponents.filter { $0 != "/" } }
}
