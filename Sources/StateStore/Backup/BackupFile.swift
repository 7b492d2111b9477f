import Crypto
import DesiredState
import Diagnostics
import Glibc

/// A backup on the disk whose every byte has been checked.
public final class BackupFile: Sendable {
    /// What is in it.
    public let manifest: BackupManifest
    /// The digest of the manifest, and by that of everything: who has it written down elsewhere knows the backup again.
    public let digest: String

    private let path: String
    private let descriptor: Int32
    /// Where each part's content begins.
    private let places: [String: Int]

    /// The most that one part, and the manifest, may hold: nothing larger is ever read into memory.
    static let partLimit = 8 << 20
    private static let manifestLimit = 64 << 20
    static let markName = "sluice-backup"
    /// What stands in the first file.
    static let mark = Array("\(BackupManifest.format)\n".utf8)
    static let manifestName = "manifest.json"
    static let digestName = "manifest.sha256"

    /// What stands behind the manifest, as `sha256sum` writes it.
    static func digestLine(_ digest: String) -> [UInt8] { Array("\(digest)  \(manifestName)\n".utf8) }

    /// Opens a backup and reads all of it once.
    ///
    /// - Parameter expected: The digest that it must have.
    /// - Throws: ``BackupError``.
    public convenience init(_ path: String, expecting expected: String? = nil) throws {
        try self.init(path, calling: path, expecting: expected)
    }

    /// - Parameter name: What it is called in errors.
    init(_ place: String, calling path: String, expecting expected: String? = nil) throws {
        self.path = path
        let descriptor = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw BackupError.unusable(path, String(cString: strerror(errno))) }
        do {
            let content = try Self.check(descriptor, path)
            if let expected, expected != content.digest { throw BackupError.unexpected(content.digest) }
            (self.descriptor, manifest, digest, places) = (descriptor, content.manifest, content.digest, content.places)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// The content of a part, checked once more: the file may have changed since.
    func content(of part: BackupManifest.Part) throws -> [UInt8] {
        guard let place = places[part.name] else { throw BackupError.damaged("\(part.name) is missing") }
        let bytes = try Self.read(descriptor, part.bytes, at: place, path)
        guard SHA256.hash(data: bytes).hexadecimal == part.sha256 else {
            throw BackupError.damaged("\(part.name) has another digest")
        }
        return bytes
    }
}

extension BackupFile {
    private static func check(
        _ descriptor: Int32, _ path: String
    ) throws -> (manifest: BackupManifest, digest: String, places: [String: Int]) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw BackupError.unusable(path, "it is no regular file")
        }
        let end = Int(status.st_size)
        var offset = 0
        var found: [BackupManifest.Part] = []
        var places: [String: Int] = [:]
        while true {
            let (header, content) = try file(descriptor, &offset, end, path, isFirst: found.isEmpty)
            let digest = SHA256.hash(data: content).hexadecimal
            guard places.updateValue(offset - header.size - header.padding, forKey: header.name) == nil else {
                throw BackupError.damaged("\(header.name) is there twice")
            }
            if found.isEmpty {
                guard content == mark else { throw BackupError.form(form(content)) }
            }
            if header.name == manifestName {
                let (last, line) = try file(descriptor, &offset, end, path, isFirst: false)
                guard last.name == digestName, line == digestLine(digest) else {
                    throw BackupError.damaged("the manifest has another digest")
                }
                try checkEnd(descriptor, offset, end, path)
                return (try manifest(content, found, path), digest, places)
            }
            found.append(BackupManifest.Part(name: header.name, bytes: header.size, sha256: digest))
        }
    }

    /// The file of the archive that begins at `offset`, which is moved behind it.
    private static func file(
        _ descriptor: Int32, _ offset: inout Int, _ end: Int, _ path: String, isFirst: Bool
    ) throws -> (header: TarHeader, content: [UInt8]) {
        guard offset + TarHeader.block <= end else { throw isFirst ? BackupError.foreign(path) : .truncated }
        guard let header = TarHeader(try read(descriptor, TarHeader.block, at: offset, path)) else {
            throw isFirst ? BackupError.foreign(path) : .damaged("no file begins at byte \(offset)")
        }
        guard !isFirst || header.name == markName else { throw BackupError.foreign(path) }
        guard header.size <= (header.name == manifestName ? manifestLimit : partLimit) else {
            throw BackupError.damaged("\(header.name) is larger than any part")
        }
        guard offset + TarHeader.block + header.size + header.padding <= end else { throw BackupError.truncated }
        let content = try read(descriptor, header.size, at: offset + TarHeader.block, path)
        offset += TarHeader.block + header.size
        guard try read(descriptor, header.padding, at: offset, path).allSatisfy({ $0 == 0 }) else {
            throw BackupError.damaged("something stands behind \(header.name)")
        }
        offset += header.padding
        return (header, content)
    }

    private static func checkEnd(_ descriptor: Int32, _ offset: Int, _ end: Int, _ path: String) throws {
        guard end >= offset + 2 * TarHeader.block else { throw BackupError.truncated }
        guard end == offset + 2 * TarHeader.block,
            try read(descriptor, 2 * TarHeader.block, at: offset, path).allSatisfy({ $0 == 0 })
        else { throw BackupError.damaged("something stands behind the end") }
    }

    /// Reads the manifest, which must tell of exactly the parts that were found.
    private static func manifest(
        _ content: [UInt8], _ found: [BackupManifest.Part], _ path: String
    ) throws -> BackupManifest {
        guard let text = String(validating: content, as: UTF8.self), let document = try? JSONValue(parsing: text) else {
            throw BackupError.damaged("the manifest is no JSON")
        }
        guard document["format"]?.string == BackupManifest.format else {
            throw BackupError.form(form(Array((document["format"]?.string ?? "").utf8)))
        }
        guard let manifest = try? document.decode(as: BackupManifest.self) else {
            throw BackupError.damaged("the manifest is not understood")
        }
        guard manifest.tables.flatMap(\.parts) == Array(found.dropFirst()) else {
            throw BackupError.damaged("the parts are not those of the manifest")
        }
        // A row has its line end at least: what is more than that is no number to count with.
        for table in manifest.tables
        where !(0...table.parts.reduce(0) { $0 + $1.bytes }).contains(table.rows) {
            throw BackupError.damaged("\(table.name) has \(table.rows) rows by the manifest")
        }
        return manifest
    }

    /// What a file says of its form, as far as it is a word.
    private static func form(_ content: [UInt8]) -> String {
        let word = content.prefix(64).prefix { (0x21...0x7E).contains($0) }
        return String(validating: word, as: UTF8.self).flatMap { $0.isEmpty ? nil : $0 } ?? "of another kind"
    }

    private static func read(_ descriptor: Int32, _ size: Int, at offset: Int, _ path: String) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let taken = pread(descriptor, buffer.baseAddress?.advanced(by: count), size - count, offset + count)
                if taken < 0, errno == EINTR { continue }
                guard taken >= 0 else { throw BackupError.unusable(path, String(cString: strerror(errno))) }
                guard taken > 0 else { throw BackupError.truncated }
                count += taken
            }
        }
    }
}
