import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Sandbox

@Suite("The content on disk")
struct SandboxFolderTests {
    @Test(
        "a path that no file can have is the content's mistake, and is not tried again",
        arguments: [
            [String(repeating: "n", count: 256)], ["\(String(repeating: "n", count: 256))/a"], ["a", "a"],
            ["a", "a/b"],
            ["a/../b"], ["../a"], ["..\u{2F}\u{301}a"], ["/a"], ["a//b"], [""], ["a\0b"],
        ])
    func invalid(paths: [String]) async throws {
        let error = try await withTemporaryDirectory("sandbox") { directory in
            #expect(throws: SluiceError.self) {
                try SandboxFolder(path: directory).write(
                    paths.map { SandboxFile(path: $0, bytes: []) }, as: "content")
            }
        }
        #expect(error?.code == "sandbox.path-invalid" && error?.kind == .stalled)
    }

    @Test("folders whose names look the same and are not are two")
    func lookalikes() async throws {
        try await withTemporaryDirectory("sandbox") { directory in
            try SandboxFolder(path: directory).write(
                ["caf\u{E9}/a", "cafe\u{301}/a"].map { SandboxFile(path: $0, bytes: []) }, as: "content")
            let files = try FileManager.default.subpathsOfDirectory(atPath: directory)
            #expect(files.count { $0.hasSuffix("/a") } == 2)
        }
    }

    @Test("a disk that takes nothing is no mistake of the content")
    func transient() {
        let error = #expect(throws: (any Error).self) {
            try SandboxFolder(path: "/dev/null/none/such").writeAccounts(1)
        }
        #expect(error.map { SluiceError(wrapping: $0).kind } == .transient)
    }
}
