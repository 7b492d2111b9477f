import DesiredState
import Diagnostics
import Forges
import GitClient
public import Reconciliation
public import StateStore

extension ConfigurationReconciler {
    /// Reads the source, its candidates and what is in force. What is wrong with the source is part of what is seen.
    public func observe(_ request: ReconcileRequest) async throws -> Sight? {
        guard request.key == Configuration.key else { return nil }
        return try await observe(request, withProposals: true)
    }

    func observe(_ request: ReconcileRequest, withProposals: Bool) async throws -> Sight? {
        let stored = try await store.resources.get(Configuration.key)
        let byHand = try await store.resources.get(Configuration.byHand)
        let confirmation = try await store.resources.get(Configuration.confirmation)
        let inForce = try await store.inForce()
        let applied = stored.flatMap { Self.applied(of: $0, source) }
        let (head, proposals) = try await look(since: applied, inForce, withProposals: withProposals)
        let seen = ConfigurationObservation(
            head: head, inForce: inForce, applied: applied,
            confirmation: ConfigurationConfirmation(
                deletions: confirmation?.spec["deletions"]?.integer ?? 0,
                revision: confirmation?.spec["revision"]?.string),
            proposals: proposals,
            memory: (try? stored?.status["memory"]?.decode()) ?? ConfigurationMemory(),
            takesResults: source.takesResults)
        return Sight(
            seen: seen, expecting: [Configuration.key: stored?.spec, Configuration.byHand: byHand?.spec],
            confirmation: confirmation?.spec)
    }

    private func look(
        since applied: String?, _ inForce: [ResourceInForce], withProposals: Bool
    ) async throws -> (
        Result<ConfigurationObservation.Head, SluiceError>, Result<[ConfigurationObservation.Proposal], SluiceError>
    ) {
        let head: SourceHead
        do {
            head = try await source.head(since: applied)
        } catch {
            try Task.checkCancellation()
            return (.failure(SluiceError(wrapping: error)), .success([]))
        }
        let beside = beside(inForce)
        let seen: ConfigurationObservation.Head
        do {
            let content = try await content(head.revision.id, beside: beside) { try await head.listing() }
            seen = ConfigurationObservation.Head(
                revision: head.revision, content: content, isRewritten: head.isRewritten)
        } catch {
            try Task.checkCancellation()
            return (.failure(SluiceError(wrapping: error)), .success([]))
        }
        do {
            return (.success(seen), .success(withProposals ? try await proposals(after: head, beside) : []))
        } catch {
            try Task.checkCancellation()
            return (.success(seen), .failure(SluiceError(wrapping: error)))
        }
    }

    /// The open candidates. Strangers may open any number of them, each as large as a revision may be: one
    /// at a time is read, what was read is not read again, and of too many only the latest are.
    private func proposals(
        after head: SourceHead, _ beside: [Resource<ResourceSpec>]
    ) async throws -> [ConfigurationObservation.Proposal] {
        // What the files are after the merge depends on both.
        func name(_ candidate: Candidate) -> String { "\(head.revision.id) \(candidate.revision)" }
        let open = try await source.proposals().sorted { $0.id < $1.id }
        let judged = open.suffix(policy.candidateLimit)
        var unread: [Candidate] = []
        for candidate in judged where await readings.known(name(candidate), beside) == nil { unread.append(candidate) }
        let there = Set(try await source.bring(unread).map(\.id))
        var proposals: [ConfigurationObservation.Proposal] = []
        for candidate in judged {
            if !there.contains(candidate.id), await readings.known(name(candidate), beside) == nil { continue }
            let content = try await content(name(candidate), beside: beside) {
                try await source.listing(of: candidate, after: head.revision)
            }
            proposals.append(.init(id: candidate.id, revision: candidate.revision, content: content))
        }
        await readings.keep([head.revision.id] + judged.map(name))
        return open.dropLast(judged.count).map { .init(id: $0.id, revision: $0.revision, content: nil) } + proposals
    }

    /// What a revision says; its files are read only when that is not known.
    private func content(
        _ revision: String, beside: [Resource<ResourceSpec>],
        _ listing: () async throws -> Result<DesiredStateListing, SluiceError>
    ) async throws -> ConfigurationObservation.Content {
        if let known = await readings.known(revision, beside) { return known }
        let listing = try await listing()
        let content: ConfigurationObservation.Content
        do {
            content = .success(try DesiredStateReader(taken: source.judgedBranch).read(listing.get(), beside: beside))
        } catch {
            content = .failure(ConfigurationObservation.Refusal(error))
        }
        await readings.remember(content, of: revision, beside: beside)
        return content
    }

    /// What stays in force whatever the source says: it is judged together with it.
    private func beside(_ inForce: [ResourceInForce]) -> [Resource<ResourceSpec>] {
        inForce.filter { $0.manager == .person || $0.isKept }.compactMap(\.resource)
    }

    /// The revision that is in force, when it is one of this source.
    private static func applied(of stored: StoredResource, _ source: any ConfigurationSource) -> String? {
        guard stored.spec["source"] == source.identity else { return nil }
        return stored.spec["revision"]?["id"]?.string
    }
}

extension StateStore {
    /// All resources of desired state that are in force, ordered by key.
    public func inForce() async throws -> [ResourceInForce] {
        var all: [ResourceInForce] = []
        for kind in ResourceKind.allCases {
            all += try await resources.list(kind: kind.rawValue).compactMap { ResourceInForce($0) }
        }
        return all.sorted { $0.key < $1.key }
    }
}

/// What revisions say, so that a revision is read once and not at every look.
actor Readings {
    private struct Known {
        let beside: [Resource<ResourceSpec>]
        let content: ConfigurationObservation.Content
    }

    private var known: [String: Known] = [:]

    /// What a revision says, judged together with what is beside it; nil when it was not read so.
    func known(_ revision: String, _ beside: [Resource<ResourceSpec>]) -> ConfigurationObservation.Content? {
        known[revision].flatMap { $0.beside == beside ? $0.content : nil }
    }

    func remember(
        _ content: ConfigurationObservation.Content, of revision: String, beside: [Resource<ResourceSpec>]
    ) {
        known[revision] = Known(beside: beside, content: content)
    }

    /// Forgets all revisions but these.
    func keep(_ revisions: [String]) {
        let wanted = Set(revisions)
        known = known.filter { wanted.contains($0.key) }
    }
}
