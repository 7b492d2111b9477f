import Crypto
import DesiredState
import Diagnostics
import Foundation
package import GitClient

/// What people do on a host, for those who hold the world in their hands: tests, and `sluice dev forge`.
extension ForgeWorld {
    /// Proposes a change: a branch and its merge request, or a Gerrit change.
    /// - Parameters:
    ///   - source: The branch; Gerrit makes its Change-Id of it.
    ///   - files: What changes against the target branch.
    package func propose(
        _ files: [String: [UInt8]?], from source: String, into target: String, of path: String, title: String,
        body: String = "", by login: String
    ) async throws -> StoredCandidate {
        let project = try project(path: path)
        let author = try author(login)
        guard type == .gerrit else {
            try await commit(files, on: source, of: path, message: "\(title)\n", startingAt: target, by: login)
            return try await open(in: project, from: source, into: target, title: title, body: body, by: author)
        }
        let repository = try await repository(of: project)
        guard let base = try await repository.branch(target) else { throw WorldRefusal.noBranch(target) }
        let commit = try await repository.commit(
            changing: files, on: base,
            message: "\(title)\n\n\(body.isEmpty ? "" : "\(body)\n\n")Change-Id: \(Self.changeID(of: source))\n",
            by: author, at: now())
        return try await receive(
            commit, for: target, topic: nil, isWorkInProgress: false, project: project, by: author
        ).change
    }

    private static func changeID(of text: String) -> String {
        "I" + Insecure.SHA1.hash(data: Data(text.utf8)).hexadecimal
    }

    /// Closes or abandons a candidate.
    package func close(_ number: Int, in path: String, by login: String) throws {
        try edit(number, of: try project(path: path), by: try author(login)) { $0.state = .closed }
    }

    /// Merges or submits a candidate.
    @discardableResult
    package func merge(_ number: Int, in path: String, by login: String) async throws -> ObjectID {
        try await merge(
            number, of: try project(path: path), expecting: nil, by: try author(login),
            method: type == .gerrit ? .ifNecessary : .merge)
    }

    /// Writes a comment.
    @discardableResult
    package func say(_ text: String, on number: Int, in path: String, by login: String) throws -> StoredComment {
        let project = try project(path: path)
        return try comment(
            text, on: number, of: project, by: try author(login),
            revision: try candidate(number, of: project).revisions.last?.number)
    }

    /// Votes on the last patch set.
    package func vote(_ value: Int, on label: String, of number: Int, in path: String, by login: String) throws {
        var change = try candidate(number, of: try project(path: path))
        let account = try author(login)
        let revision = change.revisions.last?.number ?? 1
        change.votes.removeAll { $0.account == account.id && $0.label == label && $0.revision == revision }
        change.votes.append(
            .init(label: label, account: account.id, value: value, revision: revision, date: now()))
        try put(change)
    }

    /// Makes a status that somebody else says of a commit.
    package func state(_ state: String, of commit: ObjectID, as context: String, in path: String, by login: String)
        throws
    {
        try append(
            StoredStatus(
                id: try nextID(), commit: commit, context: context, state: state, summary: nil, url: nil, ref: nil,
                author: try author(login).id, created: now()), in: try project(path: path))
    }

    /// Puts labels on a candidate.
    package func label(_ labels: [String], on number: Int, in path: String, by login: String) throws {
        try edit(number, of: try project(path: path), by: try author(login)) { $0.labels = labels }
    }

    /// Where a branch stands.
    package func head(of branch: String, in path: String) async throws -> ObjectID? {
        try await repository(of: try project(path: path)).branch(branch)
    }

    private func author(_ login: String) throws -> StoredAccount {
        guard let account = server.accounts.first(where: { $0.login == login }) else {
            throw WorldRefusal.invalid("there is no account \(login)")
        }
        return account
    }
}
