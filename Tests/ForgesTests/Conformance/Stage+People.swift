import ForgeDoubles
import Forges
import GitClient
import TestSupport

/// What people do at the host.
extension Stage {
    /// Somebody proposes a change of one file of its own.
    @discardableResult
    func propose(
        _ number: Int, _ files: [String: String]? = nil, title: String? = nil, into target: String = "master"
    ) async throws -> Proposal {
        let files = files ?? ["change-\(number).txt": "\(number)\n"]
        let title = title ?? "Change \(number)"
        switch place {
        case .folder(_, let repository):
            let base = try ObjectID(try await repository.git("rev-parse", "refs/heads/\(target)"))
            let revision = try await repository.push(
                files.mapValues { .text($0) }, to: "candidate/\(number)", from: base, message: title)
            return Proposal(id: try CandidateID(String(number)), revision: revision, number: number)
        case .double(let double, _):
            let made = try await double.administer { world in
                try await world.propose(
                    files.mapValues { Array($0.utf8) }, from: "topic-\(number)", into: target, of: Self.path,
                    title: title, by: "ada")
            }
            guard let head = made.head else { throw Missing() }
            return Proposal(id: try CandidateID(String(made.number)), revision: head, number: made.number)
        }
    }

    /// The author changes a candidate.
    @discardableResult
    func revise(_ proposal: Proposal) async throws -> ObjectID {
        switch place {
        case .folder(_, let repository):
            return try await repository.push(["more.txt": "more"], to: "candidate/\(proposal.number)", message: "More")
        case .double(let double, _):
            return try await double.administer { try await $0.revise(proposal.number, in: Self.path) }
        }
    }

    /// Somebody gives a candidate up.
    func close(_ proposal: Proposal) async throws {
        switch place {
        case .folder(_, let repository): try await repository.delete("candidate/\(proposal.number)")
        case .double(let double, _):
            try await double.administer { try await $0.close(proposal.number, in: Self.path, by: "ada") }
        }
    }

    /// Somebody merges a candidate.
    func merge(_ proposal: Proposal) async throws {
        switch place {
        case .folder(_, let repository): try await repository.merge(proposal.revision, into: "master")
        case .double(let double, _):
            _ = try await double.administer { try await $0.merge(proposal.number, in: Self.path, by: "ada") }
        }
    }

    /// Somebody commits to a branch; it is made at master when it is not there yet.
    @discardableResult
    func commit(_ files: [String: String], to branch: String) async throws -> ObjectID {
        switch place {
        case .folder(_, let repository):
            try await repository.author("fetch", "--quiet", "origin")
            let isNew = try await repository.git("for-each-ref", "refs/heads/\(branch)").isEmpty
            let start = try ObjectID(try await repository.git("rev-parse", "refs/heads/\(isNew ? "master" : branch)"))
            return try await repository.push(files.mapValues { .text($0) }, to: branch, from: start)
        case .double(let double, _):
            return try await double.administer { world in
                try await world.commit(
                    files.mapValues { Array($0.utf8) }, on: branch, of: Self.path, message: "Change\n",
                    startingAt: "master", by: "ada")
            }
        }
    }

    /// Where a branch stands, by git and not by the adapter.
    func head(of branch: String) async throws -> ObjectID? {
        switch place {
        case .folder(_, let repository):
            let text = try await repository.git("for-each-ref", "--format=%(objectname)", "refs/heads/\(branch)")
            return ObjectID(exactly: text)
        case .double(let double, _): return try await double.administer { try await $0.head(of: branch, in: Self.path) }
        }
    }

    struct Missing: Error {}
}

/// What a host has recorded, for those with a double.
extension Stage {
    func record(_ proposal: Proposal) async throws -> StoredCandidate {
        try await double.administer { try await $0.record(proposal.number, in: Self.path) }
    }

    /// The texts that we have written on a candidate.
    func ourComments(on proposal: Proposal) async throws -> [String] {
        let ours = try await ourAccount()
        return try await record(proposal).comments.filter { $0.author == ours }.map(\.body)
    }

    func ourAccount() async throws -> Int {
        try await double.administer { world in
            try await world.addAccount(Self.login).id
        }
    }

    /// Everything that was written at the host so far: no two of these are the same but where a write was repeated.
    func writes() throws -> [RequestLog.Entry] { try double.log.writes }
}
