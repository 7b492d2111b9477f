import Diagnostics
import Glibc
import ThreadExecution

/// Hears from the kernel that names came or went in directories (Linux's inotify), on a thread of its own.
actor DirectoryChanges {
    private let executor = ThreadExecutor(name: "directory changes")
    private let descriptor: Int32
    private var directories: [Int32: String] = [:]

    /// The actor's own thread: waiting blocks it.
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Opens the kernel's queue.
    /// - Throws: `watch.unavailable` when there is none to be had.
    init() throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        guard descriptor >= 0 else {
            throw SluiceError(
                "watch.unavailable", .stalled, "changes of directories cannot be watched",
                detail: String(cString: strerror(errno)))
        }
    }

    deinit {
        close(descriptor)
        executor.stop()
    }

    /// Watches a directory, which may be watched already. False when there is none, or no room for another.
    @discardableResult
    func watch(_ directory: String) -> Bool {
        let events = UInt32(IN_CREATE) | UInt32(IN_MOVED_TO) | UInt32(IN_DELETE) | UInt32(IN_ONLYDIR)
        let watch = inotify_add_watch(descriptor, directory, events)
        guard watch >= 0 else { return false }
        directories[watch] = directory
        return true
    }

    /// The directories in which something changed, as soon as there is one; empty when nothing did in that time.
    ///
    /// Lock files count for nothing: git makes one for every reference that it is about to move.
    func next(within milliseconds: Int32) -> Set<String> {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return [] }
        return buffer.prefix(count).withUnsafeBytes { changed(in: $0) }
    }

    private func changed(in bytes: UnsafeRawBufferPointer) -> Set<String> {
        let header = MemoryLayout<inotify_event>.size
        var changed: Set<String> = []
        var offset = 0
        while offset + header <= bytes.count {
            let event = bytes.loadUnaligned(fromByteOffset: offset, as: inotify_event.self)
            let end = min(offset + header + Int(event.len), bytes.count)
            let name = bytes[(offset + header)..<end].prefix { $0 != 0 }
            offset = end
            // The kernel's queue ran over: anything may have changed.
            if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return Set(directories.values) }
            if event.mask & UInt32(IN_IGNORED) != 0 {
                directories[event.wd] = nil
            } else if let directory = directories[event.wd], !String(decoding: name, as: UTF8.self).ends(with: ".lock")
            {
                changed.insert(directory)
            }
        }
        return changed
    }
}
