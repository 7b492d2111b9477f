import CLibgit2
import Diagnostics
import Glibc

/// Lists references completely.
///
/// libgit2's own listing leaves out two things silently: references that it cannot read, and references that
/// `git pack-refs` moves from their own file into the packed file while it looks. Both would look like a deleted branch.
/// So the files are listed here a second time and each one is accounted for, and the listing is repeated when the
/// packed file was exchanged meanwhile.
struct ReferenceReader {
    let repository: OpaquePointer
    let path: String
    let prefix: String

    func read() throws -> ReferenceListing {
        for _ in 0..<10 {
            let stamp = packedStamp()
            let listing = try readOnce()
            if stamp == packedStamp() { return listing }
        }
        throw SluiceError(
            "git.reference-locked", .transient, "the repository's references are being packed again and again",
            detail: path)
    }

    private func readOnce() throws -> ReferenceListing {
        var targets: [RefName: ObjectID] = [:]
        var unreadable: Set<String> = []
        for name in try listedNames() + looseNames() {
            guard let text = String(validating: name, as: UTF8.self), let reference = try? RefName(text) else {
                unreadable.insert(String(decoding: name, as: UTF8.self).debugDescription)
                continue
            }
            if targets[reference] == nil {
                // nil: it was deleted since it was listed.
                targets[reference] = try Libgit2.target(of: reference, in: repository)
            }
        }
        return ReferenceListing(targets: targets, unreadableNames: unreadable.sorted())
    }

    /// The names that libgit2 lists, as bytes.
    private func listedNames() throws -> [[UInt8]] {
        try Libgit2.with(
            "listing references", make: { git_reference_iterator_new(&$0, repository) },
            free: git_reference_iterator_free
        ) { iterator in
            var names: [[UInt8]] = []
            while true {
                var name: UnsafePointer<CChar>?
                let status = git_reference_next_name(&name, iterator)
                if status == GIT_ITEROVER.rawValue { return names }
                try Libgit2.check(status, "listing references")
                guard let name else { continue }
                let bytes = Array(UnsafeRawBufferPointer(start: name, count: strlen(name)))
                if bytes.starts(with: prefix.utf8) { names.append(bytes) }
            }
        }
    }

    /// The names of the references that have a file of their own.
    private func looseNames() throws -> [[UInt8]] {
        let start = prefix.parts(at: "/").dropLast().joined(separator: "/")
        return try FileListing.files(below: path, startingAt: start.isEmpty ? "refs" : start).filter {
            $0.starts(with: prefix.utf8) && !$0.suffix(5).elementsEqual(".lock".utf8)
        }
    }

    /// What changes whenever the file of packed references is exchanged; empty when there is none.
    private func packedStamp() -> [Int] {
        var info = stat()
        guard stat("\(path)/packed-refs", &info) == 0 else { return [] }
        return [Int(info.st_ino), Int(info.st_size), info.st_mtim.tv_sec, info.st_mtim.tv_nsec]
    }
}
