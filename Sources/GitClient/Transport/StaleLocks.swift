import Glibc

/// Removes the lock files that a git child left in one of our mirrors when the machine or the child died hard.
///
/// Git would wait for such a lock for ever. Our children live no longer than their deadline, so in a mirror, which
/// nobody else writes to, a lock much older than that has no owner.
enum StaleLocks {
    /// Removes the locks on references and on the repository's own files that are older than `age`.
    static func remove(in repository: String, olderThan age: Duration) throws {
        let fixed = ["packed-refs.lock", "config.lock", "HEAD.lock", "shallow.lock", "gc.pid.lock"]
        let references = try FileListing.files(below: repository, startingAt: "refs").filter {
            $0.suffix(5).elementsEqual(".lock".utf8)
        }
        for name in fixed.map({ Array($0.utf8) }) + references {
            let path = (Array(repository.utf8) + [0x2F] + name + [0]).map(CChar.init(bitPattern:))
            var info = stat()
            guard lstat(path, &info) == 0, time(nil) - info.st_mtim.tv_sec > age.components.seconds else { continue }
            unlink(path)
        }
    }
}
