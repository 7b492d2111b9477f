import ChildProcess
import Diagnostics

extension GitTransport {
    /// The references of a remote whose names begin with one of `prefixes`, and where they stand.
    ///
    /// All of them or an error; an empty answer means that the remote itself said so. Annotated tags are given by the
    /// tag's own id. Names that are no UTF-8 are listed apart.
    /// - Throws: See the type's comment.
    public func lsRemote(_ remote: GitRemote, prefixes: [String] = ["refs/"]) async throws -> ReferenceListing {
        let result = try await git(
            ["ls-remote", "--quiet", "--refs", "--end-of-options", remote.address], remote: remote)
        var targets: [RefName: ObjectID] = [:]
        var unreadable: [String] = []
        for line in result.standardOutput.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
            guard fields.count == 2, let hex = fields.first, let name = fields.last,
                let id = ObjectID(exactly: String(decoding: hex, as: UTF8.self))
            else {
                throw SluiceError(
                    "git.answer-malformed", .transient, "the git server's list of references is malformed",
                    detail: scrubber.scrub(String(decoding: line, as: UTF8.self)))
            }
            guard prefixes.contains(where: { name.starts(with: $0.utf8) }) else { continue }
            if let text = String(validating: name, as: UTF8.self), let reference = try? RefName(text) {
                targets[reference] = id
            } else {
                unreadable.append(String(decoding: name, as: UTF8.self).debugDescription)
            }
        }
        return ReferenceListing(targets: targets, unreadableNames: unreadable.sorted())
    }

    /// Brings the references of `refspecs`, and all they reach, from a remote into a bare repository on this machine.
    ///
    /// What is gone is deleted before the new comes in, so that a branch `a` may become a branch `a/b`. A fetch that
    /// breaks off may have moved or deleted some references; the next one puts them right. Objects are checked as they come in. Tags are not followed and submodules not fetched.
    /// - Parameters:
    ///   - mirrorPath: The repository, see ``GitMirror/create(_:)``. Locks in it that are older than any child of ours
    ///     are removed, so nobody else may write to it.
    ///   - remote: Where from.
    ///   - refspecs: What to bring, and under which names.
    ///   - prune: Whether local names under the refspecs' destinations that the remote no longer has are deleted.
    /// - Throws: See the type's comment; `git.reference-missing` when a refspec without `*` names nothing.
    public func fetch(
        into mirrorPath: String, from remote: GitRemote, refspecs: [RefSpec], prune: Bool = true
    ) async throws {
        try StaleLocks.remove(in: mirrorPath, olderThan: deadline + .seconds(60))
        var arguments = ["--git-dir", mirrorPath, "fetch", "--quiet", "--no-tags", "--no-write-fetch-head"]
        arguments += ["--no-recurse-submodules", "--no-auto-maintenance", "--no-show-forced-updates", "--refmap="]
        if prune { arguments.append("--prune") }
        arguments += ["--end-of-options", remote.address] + refspecs.map(\.argument)
        _ = try await git(arguments, remote: remote)
    }

    /// As ``fetch(into:from:refspecs:prune:)`` for references without `*`, some of which the remote may not have: those are
    /// deleted here.
    public func fetchPresent(into mirror: GitMirror, from remote: GitRemote, refspecs: [RefSpec]) async throws {
        do {
            return try await fetch(into: mirror.path, from: remote, refspecs: refspecs)
        } catch let error as SluiceError where error.code == "git.reference-locked" {
            // A branch that nobody wants any more may be in the way: `a` of `a/b`.
            try await mirror.deleteReferences(
                under: "refs/heads/", except: Set(refspecs.map(\.destination)))
            return try await fetchPresent(present: refspecs, into: mirror, from: remote)
        } catch let error as SluiceError where error.code == "git.reference-missing" {
            return try await fetchPresent(present: refspecs, into: mirror, from: remote)
        }
    }

    private func fetchPresent(present refspecs: [RefSpec], into mirror: GitMirror, from remote: GitRemote) async throws
    {
        let there = Set(try await lsRemote(remote, prefixes: ["refs/heads/"]).targets.keys.map(\.rawValue))
        let present = refspecs.filter { there.contains($0.source) }
        try await mirror.deleteReferences(under: "refs/heads/", except: Set(present.map(\.destination)))
        if !present.isEmpty { try await fetch(into: mirror.path, from: remote, refspecs: present) }
    }

    /// Makes a bare repository at `mirrorPath` and fetches `refspecs` into it. One that is already there is used.
    /// - Throws: See ``fetch(into:from:refspecs:prune:)`` and ``GitMirror/create(_:)``.
    @discardableResult
    public func clone(_ remote: GitRemote, into mirrorPath: String, refspecs: [RefSpec]) async throws -> GitMirror {
        let mirror = try await GitMirror.create(mirrorPath)
        try await fetch(into: mirrorPath, from: remote, refspecs: refspecs)
        return mirror
    }
}
