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
            seen: seen, expecting: [Configuration.key: stored?.spec, Configuration.byHand: byHand?.spec])
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
        let content = await readings.content(head.listing, revision: head.revision.id, beside: beside(inForce))
        let seen = ConfigurationObservation.Head(
            revision: head.revision, content: content, isRewritten: head.isRewritten)
        do {
            return (.success(seen), .success(withProposals ? try await proposals(after: head, inForce) : []))
        } catch {
            try Task.checkCancellation()
            return (.success(seen), .failure(SluiceError(wrapping: error)))
        }
    }

    private func proposals(
        after head: SourceHead, _ inForce: [ResourceInForce]
    ) async throws -> [ConfigurationObservation.Proposal] {
        var proposals: [ConfigurationObservation.Proposal] = []
        for proposal in try await source.proposals() {
            // What the files are after the merge depends on both.
            let name = "\(head.revision.id) \(proposal.revision)"
            proposals.append(
                .init(
                    id: proposal.id, revision: proposal.revision,
                    content: await readings.content(proposal.listing, revision: name, beside: beside(inForce))))
        }
        await readings.keep([head.revision.id] + proposals.map { "\(head.revision.id) \($0.revision)" })
        return proposals
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

    /// What files say; read again only when the revision, or what they are judged together with, is another.
    func content(
        _ listing: Result<DesiredStateListing, SluiceError>, revision: String, beside: [Resource<ResourceSpec>]
    ) -> ConfigurationObservation.Content {
        if let found = known[revision], found.beside == beside { return found.content }
        let content: ConfigurationObservation.Content
        do {
            content = .success(try DesiredStateReader().read(listing.get(), beside: beside))
        } catch {
            content = .failure(ConfigurationObservation.Refusal(error))
        }
        known[revision] = Known(beside: beside, content: content)
        return content
    }

    /// Forgets all revisions but these.
    func keep(_ revisions: [String]) {
        let wanted = Set(revisions)
        known = known.filter { wanted.contains($0.key) }
    }
}
