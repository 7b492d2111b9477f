import Diagnostics
import Foundation
import Terminal

/// Where everything of one demonstration lies: one directory that can be thrown away.
struct DemoDirectories: Sendable {
    /// The directory that holds the others.
    let root: String

    /// Desired state.
    var config: String { "\(root)/config" }
    /// The folder of bare repositories: the forge.
    var repositories: String { "\(root)/repositories" }
    /// The repository that is pushed to.
    var repository: String { "\(repositories)/\(SampleRegistry.name).git" }
    /// The author's own clone.
    var clone: String { "\(root)/author" }
    /// The controller's own.
    var data: String { "\(root)/data" }
    /// The controller's log.
    var log: String { "\(root)/controller.log" }

    /// Makes the directories. Throws unless `root` is new or empty: a demonstration begins with nothing.
    func make() throws {
        let files = FileManager.default
        guard (try? files.contentsOfDirectory(atPath: root))?.isEmpty ?? true else {
            throw CommandFailure(
                .usage, "\(root) is not empty", hint: "name a directory that is not there yet, or leave --data-dir out")
        }
        // The private server may run as another account than ours and must be able to pass through.
        for directory in [root, config, repositories, data] {
            try files.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        }
    }

    /// The second act's own: its stand-in for Gerrit, its clones and its controller's.
    var secondAct: DemoDirectories { DemoDirectories(root: "\(root)/gerrit-act") }
    /// The third act's own: its repositories, its clone and its controller's.
    var thirdAct: DemoDirectories { DemoDirectories(root: "\(root)/release-act") }
    /// The fourth act's own: its repositories, its clones and its controller's.
    var fourthAct: DemoDirectories { DemoDirectories(root: "\(root)/upstream-act") }
    /// What the stand-in keeps.
    var gerrit: String { "\(root)/gerrit" }

    /// The last lines of the controller's log.
    var endOfLog: [String] {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return [] }
        return text.words(at: "\n").suffix(20).map(String.init)
    }

    /// Removes all of it.
    func remove() { try? FileManager.default.removeItem(atPath: root) }

    /// Writes files below a directory.
    static func write(_ files: [String: String], below directory: String) throws {
        for (path, content) in files {
            let url = URL(filePath: "\(directory)/\(path)")
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: url)
        }
    }
}
