import ChildProcess
import Foundation
import GitClient
import TestSupport

/// Commits with everything that people put into commits, made by one `git fast-import`.
struct ScriptedHistory {
    /// One commit.
    struct Step {
        var files: [(path: String, file: ScriptedFile)] = []
        var renames: [(String, String)] = []
        var message: [UInt8] = Array("Change\n".utf8)
        var author: [UInt8] = Array("Ada Author <ada@example.org>".utf8)
        var date = "1767294245 +0800"
        var encoding: String?
        /// Steps, by index, that this one stands on; nil for the one before.
        var parents: [Int]?

        init(_ message: String = "Change\n", _ files: [(path: String, file: ScriptedFile)] = []) {
            self.message = Array(message.utf8)
            self.files = files
        }
    }

    var steps: [Step]

    /// Writes the commits into a repository and returns them in their order.
    func write(to repository: String) async throws -> [ObjectID] {
        var stream: [UInt8] = []
        for (index, step) in steps.enumerated() {
            stream += "commit refs/history/\(index)\nmark :\(index + 1)\nauthor ".utf8
            stream += step.author + Array(" \(step.date)\n".utf8)
            stream += "committer Carl Committer <carl@example.org> 1767294245 +0000\n".utf8
            if let encoding = step.encoding { stream += "encoding \(encoding)\n".utf8 }
            stream += data(step.message)
            let parents = step.parents ?? (index == 0 ? [] : [index - 1])
            for (number, parent) in parents.enumerated() {
                stream += "\(number == 0 ? "from" : "merge") :\(parent + 1)\n".utf8
            }
            for (old, new) in step.renames { stream += "R \(quoted(old)) \(quoted(new))\n".utf8 }
            for (path, file) in step.files { stream += change(path, file) }
            stream += "\n".utf8
        }
        try await git(["--git-dir", repository, "fast-import", "--quiet", "--force"], input: stream)
        let listed = try await git([
            "--git-dir", repository, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/history",
        ])
        let ids = try Dictionary(
            uniqueKeysWithValues: listed.outputText.split(separator: "\n").map { line in
                let words = line.split(separator: " ")
                return (Int(words[0]) ?? -1, try ObjectID(String(words[1])))
            })
        return steps.indices.compactMap { ids[$0] }
    }

    private func data(_ bytes: [UInt8]) -> [UInt8] { Array("data \(bytes.count)\n".utf8) + bytes + [0x0A] }

    private func quoted(_ path: String) -> String {
        let escaped = path.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }

    private func change(_ path: String, _ file: ScriptedFile) -> [UInt8] {
        let name = quoted(path) + "\n"
        return switch file {
        case .text(let text): Array("M 100644 inline \(name)".utf8) + data(Array(text.utf8))
        case .bytes(let bytes): Array("M 100644 inline \(name)".utf8) + data(bytes)
        case .executable(let text): Array("M 100755 inline \(name)".utf8) + data(Array(text.utf8))
        case .symbolicLink(let target): Array("M 120000 inline \(name)".utf8) + data(Array(target.utf8))
        case .gitlink(let commit): Array("M 160000 \(commit) \(name)".utf8)
        case .deleted: Array("D \(name)".utf8)
        }
    }
}

/// Runs git as somebody without any configuration, and hands back what it says, whether it succeeds or not.
@discardableResult
func git(
    _ arguments: [String], input: [UInt8] = [], succeeding: Bool = true, environment: [String: String] = [:]
) async throws -> ChildResult {
    let plain = [
        "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_COMMITTER_NAME": "Carl Committer",
        "GIT_COMMITTER_EMAIL": "carl@example.org", "GIT_COMMITTER_DATE": "1767294245 +0000",
    ]
    let child = Child(
        "git", arguments, environment: plain.merging(environment) { $1 }, workingDirectory: "/", input: input,
        outputLimit: 256 << 20, deadline: .seconds(120), leftovers: .left)
    let result = try await child.run()
    guard result.status.isSuccess || !succeeding else {
        throw GitFailed(description: "git \(arguments.joined(separator: " ")): \(result.errorText)")
    }
    return result
}

struct GitFailed: Error, CustomStringConvertible { let description: String }

/// A repository, and the mirror that reads it.
func withHistory<R>(
    _ steps: [ScriptedHistory.Step],
    _ body: (_ folder: String, _ mirror: GitMirror, _ commits: [ObjectID]) async throws -> R
) async throws -> R {
    try await withTemporaryDirectory("series") { folder in
        let path = "\(folder)/upstream.git"
        try await git(["init", "--quiet", "--bare", path])
        let commits = try await ScriptedHistory(steps: steps).write(to: path)
        return try await body(folder, try await GitMirror.open(path), commits)
    }
}
