import DesiredState
import Diagnostics
import Foundation
import GitClient

extension GerritWire {
    /// The change of an id in any of its forms, when it may be seen: `12`, `project~12`, `project~branch~Change-Id`.
    func find(
        _ world: isolated ForgeWorld, _ call: Call, atLeast level: AccessLevel = .read
    ) throws(WorldRefusal) -> (StoredProject, StoredCandidate) {
        let text = call.parameter("id")
        let parts = text.words(at: "~").map { String($0).removingPercentEncoding ?? String($0) }
        var found: (project: StoredProject, change: StoredCandidate)?
        if parts.count <= 2, let number = parts.last.flatMap({ Int($0) }) {
            let (project, change) = try world.change(number)
            if parts.count == 1 || parts[0] == project.path { found = (project, change) }
        } else if parts.count == 3 {
            let project = try world.project(path: parts[0])
            let branch = Self.branchName(parts[1])
            found = world.candidates(of: project).first {
                $0.targetBranch == branch && $0.changeID == parts[2]
            }.map { (project, $0) }
        }
        // A change that one may not see is answered as one that is not there.
        guard let found, world.level(of: call.account, token: call.token, in: found.project) >= .read else {
            throw .noCandidate(text)
        }
        _ = try world.allow(found.project, call, atLeast: level)
        return (found.project, found.change)
    }

    static func revision(_ text: String, of change: StoredCandidate) throws(WorldRefusal) -> StoredCandidate.Revision {
        let found = change.revisions.last { revision in
            text == "current" && revision.number == change.revisions.last?.number || revision.commit.hex == text
                || String(revision.number) == text
                || text.utf8.count >= 7 && revision.commit.hex.begins(with: text.lowercased())
        }
        guard let found else { throw .noCommit(text) }
        return found
    }

    func changeInfo(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call)
        return Self.json(200, try await info(world, change, of: project, Set(call.values("o")), call))
    }

    func changeDetail(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call)
        let options = Set(call.values("o") + ["DETAILED_LABELS", "DETAILED_ACCOUNTS", "MESSAGES"])
        return Self.json(200, try await info(world, change, of: project, options, call))
    }

    func messages(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (_, change) = try find(world, call)
        return Self.json(200, .array(change.comments.map { Self.message($0, world.account($0.author)) }))
    }

    func files(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call)
        let revision = try Self.revision(call.parameter("revision"), of: change)
        return Self.json(200, try await Self.files(of: revision, in: try await world.repository(of: project).mirror))
    }

    func commit(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call)
        let revision = try Self.revision(call.parameter("revision"), of: change)
        let mirror = try await world.repository(of: project).mirror
        return Self.json(200, Self.commit(try await mirror.commit(revision.commit)))
    }

    func mergeable(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call)
        guard change.state == .open else { throw WorldRefusal.notOpen(change.state) }
        let repository = try await world.repository(of: project)
        let revision = try Self.revision(call.parameter("revision"), of: change)
        guard let tip = try await repository.branch(change.targetBranch) else {
            throw WorldRefusal.noBranch(change.targetBranch)
        }
        var isMergeable = false
        if case .tree = try await repository.merge(tip, revision.commit) { isMergeable = true }
        return Self.json(200, ["submit_type": "MERGE_IF_NECESSARY", "mergeable": .bool(isMergeable)])
    }

    func setTopic(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let (project, change) = try find(world, call, atLeast: .report)
        let topic = call.text("topic") ?? ""
        try world.edit(change.number, of: project, by: try world.somebody(call)) {
            $0.topic = topic.isEmpty ? nil : topic
        }
        return topic.isEmpty ? Reply(204) : Self.json(200, .string(topic))
    }

    // MARK: Queries

    func query(_ world: isolated ForgeWorld, _ call: Call) async throws -> Reply {
        let start = max(0, (call.value("S") ?? call.value("start")).flatMap { Int($0) } ?? 0)
        let limit = max(
            1, min(world.pageLimit ?? 500, (call.value("n") ?? call.value("limit")).flatMap { Int($0) } ?? 500))
        var answers: [JSONValue] = []
        for text in call.values("q").isEmpty ? ["status:open"] : call.values("q") {
            var found: [(StoredProject, StoredCandidate)] = []
            let terms = try Self.terms(text)
            for (id, changes) in world.candidates {
                let project = try world.project(id: id)
                guard world.level(of: call.account, token: call.token, in: project) >= .read else { continue }
                for change in changes.values where terms.allSatisfy({ $0.holds(change, project, call.account) }) {
                    found.append((project, change))
                }
            }
            // The latest changed first; numbers decide among those of one second.
            found.sort { ($0.1.updated, $0.1.number) > ($1.1.updated, $1.1.number) }
            if call.pageFault == .emptyList { found = [] }
            var from = start
            if start > 0 {
                switch call.pageFault {
                case .repeatedPage: from = max(0, start - limit)
                case .missingPage: from = found.count
                case .shuffledPages: found = Array(found.prefix(start)) + found.dropFirst(start).reversed()
                default: break
                }
            }
            let page = found.dropFirst(from).prefix(limit)
            var list: [JSONValue] = []
            for (project, change) in page {
                list.append(try await info(world, change, of: project, Set(call.values("o")), call))
            }
            if from + limit < found.count, case .object(var last)? = list.last {
                last["_more_changes"] = true
                list[list.count - 1] = .object(last)
            }
            answers.append(.array(list))
        }
        if answers.count == 1, let answer = answers.first { return Self.json(200, answer) }
        return Self.json(200, .array(answers))
    }

    /// One term of a query, as user-search.txt has them.
    private struct Term {
        let isNegative: Bool
        let name: String
        let value: String

        func holds(_ change: StoredCandidate, _ project: StoredProject, _ account: StoredAccount?) -> Bool {
            let holds =
                switch (name, value) {
                case ("project", _): project.path == value
                case ("branch", _): change.targetBranch == GerritWire.branchName(value)
                case ("ref", _): "refs/heads/\(change.targetBranch)" == value
                case ("status", "open"), ("is", "open"), ("status", "new"), ("is", "new"): change.state == .open
                case ("status", "merged"), ("is", "merged"): change.state == .merged
                case ("status", "abandoned"), ("is", "abandoned"): change.state == .closed
                case ("status", "closed"), ("is", "closed"): change.state != .open
                case ("is", "wip"): change.isDraft
                case ("is", "private"): false
                case ("change", _): String(change.number) == value || change.changeID == value
                case ("topic", _): change.topic == value
                case ("commit", _): change.revisions.contains { $0.commit.hex.begins(with: value) }
                case ("owner", "self"): change.author == account?.id
                default: true
                }
            return holds != isNegative
        }
    }

    private static func terms(_ text: String) throws(WorldRefusal) -> [Term] {
        let known = ["project", "branch", "ref", "status", "is", "change", "topic", "commit", "owner", "limit"]
        var terms: [Term] = []
        for word in text.words(at: " ") {
            let isNegative = word.begins(with: "-")
            let parts = word.drop { $0 == "-" }.words(at: ":", maxSplits: 1)
            guard parts.count == 2, let name = parts.first.map(String.init), known.contains(name) else {
                throw .invalid("Unsupported operator \(word)")
            }
            var value = parts[1].trimming("\"")
            if value.begins(with: "{"), value.ends(with: "}") { value = String(value.dropFirst().dropLast()) }
            terms.append(Term(isNegative: isNegative, name: name, value: value))
        }
        return terms
    }
}
