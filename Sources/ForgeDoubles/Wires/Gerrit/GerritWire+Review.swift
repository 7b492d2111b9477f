import DesiredState
import Foundation
import GitClient

extension GerritWire {
    /// `POST …/review`: votes and one message, on the patch set that is named, be it the last one or not.
    ///
    /// The message is put together as `PostReviewOp.insertMessage` does; a vote on an outdated patch set goes over to the
    /// later ones where the copy condition lets it (since 3.7).
    func review(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        var (project, change) = try find(world, call, atLeast: .report)
        let account = try world.somebody(call)
        let revision = try Self.revision(call.parameter("revision"), of: change)
        let votes = try labels(in: call)
        if !votes.isEmpty, change.state == .closed { throw Reply.text(409, "change is closed") }
        let tag = call.text("tag")
        let date = world.now()
        var delta: [String] = []
        for (label, value) in votes.sorted(by: { $0.key < $1.key }) {
            let known = change.votes.first {
                $0.revision == revision.number && $0.label == label && $0.account == account.id
            }
            if change.state == .merged, let known, known.value > value {
                throw Reply.text(409, "Cannot reduce vote on labels for closed change: \(label)")
            }
            // A vote that stands there already is no change, unless it was copied.
            if let known, known.value == value, !known.isCopied { continue }
            if known == nil, value == 0 { continue }
            delta.append(value == 0 ? "-\(label)" : "\(label)\(value > 0 ? "+" : "")\(value)")
            let vote = StoredCandidate.Vote(
                label: label, account: account.id, value: value, revision: revision.number, date: date, tag: tag)
            change.votes.removeAll {
                $0.label == label && $0.account == account.id
                    && ($0.revision == revision.number || $0.revision > revision.number && $0.isCopied)
            }
            change.votes.append(vote)
            var last = [vote]
            for later in change.revisions where later.number > revision.number {
                let isOverridden = change.votes.contains {
                    $0.revision == later.number && $0.label == label && $0.account == account.id
                }
                last = isOverridden ? [] : world.copies(of: last, to: later.number, kind: later.kind, in: project)
                change.votes += last
            }
        }
        let message = (call.text("message") ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        var text = delta.sorted().map { " \($0)" }.joined()
        if !message.isEmpty { text += "\n\n\(message)" }
        if !text.isEmpty {
            try world.put(change)
            _ = try world.comment(
                "Patch Set \(revision.number):\(text)", on: change.number, of: project, by: account, tag: tag,
                revision: revision.number)
        }
        return Self.json(200, ["labels": .object(votes.mapValues { .integer($0) })])
    }

    private func labels(in call: Call) throws -> [String: Int] {
        guard let given = call.input["labels"]?.object else { return [:] }
        var votes: [String: Int] = [:]
        for (label, value) in given {
            guard let range = Self.range(of: label) else {
                throw Reply.text(400, "label \"\(label)\" is not a configured label")
            }
            let number = value.integer ?? value.string.flatMap { Int($0.trimming("+")) }
            guard let number, range.contains(number) else {
                throw Reply.text(400, "label \"\(label)\": \(value.canonicalText) is not a valid value")
            }
            votes[label] = number
        }
        return votes
    }

    func submit(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        try await submit(world, call, expecting: nil)
    }

    func submitRevision(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (_, change) = try find(world, call)
        return try await submit(
            world, call, expecting: try Self.revision(call.parameter("revision"), of: change).commit.hex)
    }

    private func submit(_ world: isolated ForgeWorld, _ call: Call, expecting head: String?) async throws -> Reply {
        let (project, change) = try find(world, call)
        // Submit.java: the right, then the state, then the revision, then the rules.
        _ = try allowSubmit(world, call, project)
        guard change.state == .open else { throw WorldRefusal.notOpen(change.state) }
        if let head, head != change.head?.hex { throw WorldRefusal.headMoved(expected: head, head: change.head) }
        if let obstacle = Self.obstacle(to: change, in: project) { throw WorldRefusal.notMergeable(obstacle) }
        let account = try world.somebody(call)
        _ = try await world.merge(
            change.number, of: project, expecting: head, by: account, method: .ifNecessary)
        _ = try world.comment(
            "Change has been successfully merged", on: change.number, of: project, by: account,
            tag: "autogenerated:gerrit:merged", revision: change.revisions.last?.number)
        let merged = try world.candidate(change.number, of: project)
        return Self.json(200, try await info(world, merged, of: project, [], call))
    }

    private func allowSubmit(
        _ world: isolated ForgeWorld, _ call: Call, _ project: StoredProject
    ) throws -> StoredProject {
        guard world.level(of: call.account, token: call.token, in: project) >= .write else {
            throw Reply.text(403, "submit not permitted")
        }
        return project
    }

    func abandon(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        try await turn(world, call, from: .open, to: .closed, "Abandoned", tag: "autogenerated:gerrit:abandon")
    }

    func restore(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        try await turn(world, call, from: .closed, to: .open, "Restored", tag: "autogenerated:gerrit:restore")
    }

    private func turn(
        _ world: isolated ForgeWorld, _ call: Call, from old: StoredCandidate.State, to new: StoredCandidate.State,
        _ word: String, tag: String
    ) async throws -> Reply {
        let (project, change) = try find(world, call, atLeast: .report)
        guard change.state == old else { throw WorldRefusal.notOpen(change.state) }
        let account = try world.somebody(call)
        try world.edit(change.number, of: project, by: account) { $0.state = new }
        let message = call.text("message") ?? ""
        _ = try world.comment(
            message.isEmpty ? word : "\(word)\n\n\(message)", on: change.number, of: project, by: account, tag: tag,
            revision: change.revisions.last?.number)
        let turned = try world.candidate(change.number, of: project)
        return Self.json(200, try await info(world, turned, of: project, [], call))
    }
}
