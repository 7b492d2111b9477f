import Diagnostics
import Foundation
import Testing

@testable import Changelog

/// Files come from below the directory and from nowhere else.
@Suite struct DirectorySourceTests {
    private func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "changelog-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        for folder in ["in/d/e", "out"] {
            try FileManager.default.createDirectory(atPath: "\(path)/\(folder)", withIntermediateDirectories: true)
        }
        for file in ["in/a.xml", "in/d/b.xml", "in/d/e/c.xml", "out/secret.xml"] {
            try Data(file.utf8).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
        }
        for (link, target) in [
            ("in/link.xml", "../out/secret.xml"), ("in/folder", "../out"), ("in/inner.xml", "a.xml"),
            ("in/loop", "loop"),
        ] {
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(link)", withDestinationPath: target)
        }
        try body(path)
    }

    private func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return SluiceError(wrapping: error).code.rawValue
        }
    }

    @Test("files and folders are found, missing ones are missing")
    func reading() throws {
        try withDirectory { (path: String) throws -> Void in
            let source = DirectorySource(searchPath: ["\(path)/in"])
            #expect(try source.contents(of: "d/e/c.xml") == Array("in/d/e/c.xml".utf8))
            #expect(try source.contents(of: "d/no.xml") == nil)
            #expect(try source.contents(of: "a.xml/b.xml") == nil)
            #expect(try source.files(below: "") == ["a.xml", "d/b.xml", "d/e/c.xml"])
            #expect(try source.files(below: "d/e") == ["d/e/c.xml"])
            #expect(try source.files(below: "no") == nil)
        }
    }

    @Test("symbolic links are refused, wherever they lead")
    func links() throws {
        try withDirectory { (path: String) throws -> Void in
            let source = DirectorySource(searchPath: ["\(path)/in"])
            for link in ["link.xml", "folder/secret.xml", "inner.xml", "loop"] {
                #expect(code { _ = try source.contents(of: link) } == "changelog.symlink", "\(link)")
            }
            #expect(code { _ = try source.files(below: "folder") } == "changelog.symlink")
            #expect(code { _ = try source.contents(of: "../out/secret.xml") } == "changelog.path-above-root")
        }
    }

    @Test("an include of a symbolic link is an error of the changelog")
    func include() throws {
        try withDirectory { (path: String) throws -> Void in
            let text = Reading.xml("<include file='link.xml'/>")
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/in/root.xml"))
            let reader = ChangelogReader(source: DirectorySource(searchPath: ["\(path)/in"]))
            do {
                _ = try reader.read("root.xml")
                Issue.record("a symbolic link was followed")
            } catch let error as DiagnosticsError {
                #expect(error.diagnostics.map(\.code) == ["changelog.symlink"])
                #expect(error.diagnostics.first?.location.line == 2)
            }
        }
    }

    @Test("what is no file, too large or too many is refused")
    func limits() throws {
        try withDirectory { (path: String) throws -> Void in
            let small = DirectorySource(searchPath: ["\(path)/in"], bytesPerFile: 3, fileLimit: 2)
            #expect(code { _ = try small.contents(of: "a.xml") } == "changelog.too-large")
            #expect(code { _ = try small.files(below: "") } == "changelog.too-large")
            #expect(code { _ = try small.contents(of: "d") } == "changelog.not-a-file")
        }
    }

    @Test("the first directory of the search path wins")
    func searchPath() throws {
        try withDirectory { (path: String) throws -> Void in
            let source = DirectorySource(searchPath: ["\(path)/in/d", "\(path)/in", "\(path)/none"])
            #expect(try source.contents(of: "b.xml") == Array("in/d/b.xml".utf8))
            #expect(try source.contents(of: "a.xml") == Array("in/a.xml".utf8))
            #expect(try source.files(below: "") == ["a.xml", "b.xml", "d/b.xml", "d/e/c.xml", "e/c.xml"])
        }
    }
}
