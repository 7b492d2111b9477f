import Diagnostics
import Glibc

/// Lists the files of a directory tree by name, as bytes: file names need not be text.
enum FileListing {
    /// The paths, relative to `root`, of all files below `root/start`; empty when that does not exist.
    /// - Throws: `git.repository-unreadable` when a directory cannot be read.
    static func files(below root: String, startingAt start: String) throws -> [[UInt8]] {
        var files: [[UInt8]] = []
        var directories = [Array(start.utf8)]
        while let directory = directories.popLast() {
            guard let stream = opendir(Array(root.utf8) + [0x2F] + directory + [0]) else {
                if errno == ENOENT || errno == ENOTDIR { continue }
                throw unreadable(directory)
            }
            defer { closedir(stream) }
            while true {
                errno = 0
                guard let entry = readdir(stream) else {
                    if errno != 0 { throw unreadable(directory) }
                    break
                }
                let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                if name == Array(".".utf8) || name == Array("..".utf8) { continue }
                let path = directory + [0x2F] + name
                if isDirectory(Array(root.utf8) + [0x2F] + path, hint: Int32(entry.pointee.d_type)) {
                    directories.append(path)
                } else {
                    files.append(path)
                }
            }
        }
        return files
    }

    private static func isDirectory(_ path: [UInt8], hint: Int32) -> Bool {
        if hint == Int32(DT_DIR) { return true }
        guard hint == Int32(DT_UNKNOWN) else { return false }
        var info = stat()
        return lstat((path + [0]).map(CChar.init(bitPattern:)), &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    private static func unreadable(_ directory: [UInt8]) -> SluiceError {
        SluiceError(
            "git.repository-unreadable", .stalled, "the repository could not be read",
            detail: "\(String(decoding: directory, as: UTF8.self)): \(String(cString: strerror(errno)))")
    }
}

private func opendir(_ path: [UInt8]) -> OpaquePointer? {
    path.withUnsafeBytes { bytes in
        bytes.bindMemory(to: CChar.self).baseAddress.flatMap { Glibc.opendir($0) }
    }
}
