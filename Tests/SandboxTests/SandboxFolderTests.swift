import Diagnostics
import Foundation
import Glibc
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
            await #expect(throws: SluiceError.self) {
                try await SandboxFolder(path: directory).write(
                    paths.map { SandboxFile(path: $0, bytes: []) }, as: "content")
            }
        }
        #expect(error?.code == "sandbox.path-invalid" && error?.kind == .stalled)
    }

    @Test("folders whose names look the same and are not are two")
    func lookalikes() async throws {
        try await withTemporaryDirectory("sandbox") { directory in
            try await SandboxFolder(path: directory).write(
                ["caf\u{E9}/a", "cafe\u{301}/a"].map { SandboxFile(path: $0, bytes: []) }, as: "content")
            let files = try FileManager.default.subpathsOfDirectory(atPath: directory)
            #expect(files.count { $0.hasSuffix("/a") } == 2)
        }
    }

    @Test("a disk that takes nothing is no mistake of the content")
    func transient() async {
        for workspace in ["/dev/null/none", "/dev/null"] {
            let error = await #expect(throws: (any Error).self) {
                try await SandboxWorkspace(directory: workspace).withFolder { _ in }
            }
            #expect(error.map { SluiceError(wrapping: $0).code } == "sandbox.workspace-unusable")
        }
        let error = await #expect(throws: (any Error).self) {
            try await SandboxFolder(path: "/dev/null/none/such").writeAccounts(1)
        }
        #expect(error.map { SluiceError(wrapping: $0).kind } == .transient)
    }

    @Test("what is made for a run is gone after it, whether it ends well, badly or is cancelled")
    func gone() async throws {
        struct Failure: Error {}
        try await withTemporaryDirectory("sandbox") { directory in
            let workspace = SandboxWorkspace(directory: "\(directory)/work")
            let files = [SandboxFile(path: "a/b", bytes: [1])]
            let seen = try await workspace.withFolder { folder in
                try await folder.write(files, as: "content")
                return FileManager.default.contents(atPath: "\(folder.directory(of: "content"))/a/b")
            }
            #expect(seen == Data([1]))
            await #expect(throws: Failure.self) {
                try await workspace.withFolder { folder in
                    try await folder.write(files, as: "content")
                    throw Failure()
                }
            }
            let cancelled = Task {
                try await workspace.withFolder { folder in
                    try await folder.write(files, as: "content")
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await folder.write(files, as: "more")
                }
            }
            await #expect(throws: CancellationError.self) { try await cancelled.value }
            #expect(try FileManager.default.contentsOfDirectory(atPath: workspace.directory).isEmpty)
        }
    }

    @Test("files are written by a thread of the folder's own, not by those that everything else runs on")
    func thread() async {
        let folder = SandboxFolder(path: "/dev/null/none")
        var (own, others) = (Set<UInt>(), Set<UInt>())
        for _ in 0..<100 {
            others.insert(Self.thread())
            own.insert(await folder.thread())
        }
        #expect(own.count == 1 && own.isDisjoint(with: others))
    }

    private static func thread() -> UInt { UInt(pthread_self()) }
}

extension SandboxFolder {
    fileprivate func thread() -> UInt { UInt(pthread_self()) }
}
