import Diagnostics
import Glibc

/// Reads whole regular files, and nothing else: a device or pipe in place of a file must not block or fill the memory.
public enum RegularFile {
    /// The bytes of the file at a path. Symbolic links are followed, as mounted secrets are links; what is no regular
    /// file, or larger than `limit` bytes, is refused.
    public static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileProblem(path: path, number: errno) }
        defer { close(descriptor) }
        return try read(descriptor, path: path, limit: limit)
    }

    /// The bytes of an open file, from where it stands.
    static func read(_ descriptor: Int32, path: String, limit: Int) throws -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileProblem(path: path, number: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw FileProblem(path: path, reason: "is no regular file") }
        var bytes: [UInt8] = []
        while true {
            // One byte beyond the limit tells a file that fills it from one that exceeds it.
            let room = min(64 << 10, limit + 1 - bytes.count)
            var count = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: room) { buffer, initialized in
                repeat { count = Glibc.read(descriptor, buffer.baseAddress, room) } while count < 0 && errno == EINTR
                initialized = max(0, count)
            }
            guard count >= 0 else { throw FileProblem(path: path, number: errno) }
            if count == 0 { return bytes }
            bytes += chunk
            guard bytes.count <= limit else {
                throw FileProblem(path: path, reason: "is larger than \(limit) bytes")
            }
        }
    }
}

/// Why a file cannot be read.
struct FileProblem: SluiceErrorConvertible, CustomStringConvertible {
    let path: String
    let reason: String

    init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    init(path: String, number: Int32) {
        self.init(path: path, reason: String(cString: strerror(number)))
    }

    var description: String { "\(path): \(reason)" }

    var sluiceError: SluiceError {
        SluiceError("file.unreadable", .transient, "a file cannot be read: \(reason)", detail: description)
    }
}
