import Diagnostics
import Glibc

/// A file descriptor that is closed when its owner is done with it.
struct OpenedFile: ~Copyable {
    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Opens for reading; nil when there is no such file. `name` is what errors call it.
    static func open(_ path: String, at parent: Int32, flags: Int32, name: String) throws -> OpenedFile? {
        let descriptor = openat(parent, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags)
        guard descriptor < 0 else { return OpenedFile(descriptor) }
        let code = errno
        switch code {
        case ENOENT: return nil
        case ELOOP, ENOTDIR:
            // A link that should have been a directory is reported as "not a directory".
            guard code == ELOOP || isLink(path, at: parent) else { return nil }
            throw SluiceError("changelog.symlink", .stalled, "'\(name)' is, or leads through, a symbolic link")
        default:
            throw SluiceError(
                "changelog.unreadable", .stalled, "'\(name)' cannot be read", detail: String(cString: strerror(code)))
        }
    }

    private static func isLink(_ path: String, at parent: Int32) -> Bool {
        var status = stat()
        return fstatat(parent, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    func status() throws -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        return status
    }

    /// Everything in the file; nil when that is more than the limit.
    func readAll(limit: Int) throws -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                guard errno == EINTR else { throw failure(errno) }
                continue
            }
            bytes += chunk[..<count]
            if bytes.count > limit { return nil }
        }
    }

    /// What a name in a folder stands for.
    enum Kind {
        case file
        case folder
        /// Links, devices, sockets.
        case other
    }

    /// The names in a folder, in no order.
    func entries() throws -> [(name: String, kind: Kind)] {
        // The stream takes the descriptor with it when it is closed, so it gets one of its own.
        let own = openat(descriptor, ".", O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard own >= 0 else { throw failure(errno) }
        guard let stream = fdopendir(own) else {
            let code = errno
            close(own)
            throw failure(code)
        }
        defer { closedir(stream) }
        var entries: [(name: String, kind: Kind)] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { entries.append((name, kind(of: name, Int(entry.pointee.d_type)))) }
        }
        return entries
    }

    private func kind(of name: String, _ type: Int) -> Kind {
        switch type {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_UNKNOWN):
            var status = stat()
            guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return .other }
            let mode = status.st_mode & S_IFMT
            return mode == S_IFREG ? .file : mode == S_IFDIR ? .folder : .other
        default: return .other
        }
    }

    private func failure(_ code: Int32) -> SluiceError {
        SluiceError(
            "changelog.unreadable", .transient, "a file of the changelog cannot be read",
            detail: String(cString: strerror(code)))
    }
}
