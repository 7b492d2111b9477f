import Foundation
import Testing

/// Texts that start a shell, or a program past this module. Written so that this file does not find itself.
private let forbidden = ["/bin/" + "sh", "/bin/" + "bash", "Foundation." + "Process("]

/// Holds the texts of the git hooks that users install: scripts of theirs, which git runs and Sluice never does.
private let hook = "GitHook.swift"

@Suite struct NoShellTests {
    @Test func `no source of Sluice starts a shell`() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil))
        var count = 0
        for case let file as URL in files
        where ["swift", "c", "h"].contains(file.pathExtension) && file.lastPathComponent != hook {
            count += 1
            let text = try String(contentsOf: file, encoding: .utf8)
            for word in forbidden {
                #expect(!text.contains(word), "\(file.lastPathComponent) contains \(word)")
            }
            #expect(!text.contains(/\b(system|popen)\(/), "\(file.lastPathComponent) calls a shell")
        }
        #expect(count > 10)
    }
}
