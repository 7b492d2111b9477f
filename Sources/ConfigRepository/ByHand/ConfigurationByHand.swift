public import DesiredState
import Diagnostics
public import StateStore

/// Brings in what people apply themselves, beside what the controller reads.
///
/// What a directory or a config repository says is not a person's to change here: it would be put back, or worse, not.
/// What a person applied stays until they take it out, or until the source names it and so takes it over.
public struct ConfigurationByHand: Sendable {
    private let store: StateStore
    private let policy: ConfigurationPolicy
    private let isSourceRead: Bool
    private let judgedBranch: JudgedBranch?

    /// Makes the way in.
    ///
    /// - Parameters:
    ///   - isSourceRead: Whether the controller reads a directory or a repository. Without one everything is people's.
    ///   - judgedBranch: The branch whose candidates are judged as desired state; no registry may judge them too.
    public init(
        store: StateStore, policy: ConfigurationPolicy, isSourceRead: Bool, judgedBranch: JudgedBranch? = nil
    ) {
        self.store = store
        self.policy = policy
        self.isSourceRead = isSourceRead
        self.judgedBranch = judgedBranch
    }

    /// What a person asks for.
    public struct Request: Hashable, Sendable {
        /// The files.
        public var files: [DesiredStateFile]
        /// Whether what people applied before goes when the files do not name it.
        public var prunes: Bool
        /// Whether it is only shown what would change.
        public var isDryRun: Bool
        /// How many resources may go beyond what may go anyway.
        public var confirmedDeletions: Int
        /// Who asks, by their own word.
        public var author: String?
        /// Whether a desk has judged what people say in it, which takes in what is new and nothing else.
        public var isFromDesk: Bool

        /// Makes a request.
        public init(
            files: [DesiredStateFile], prunes: Bool = false, isDryRun: Bool = false, confirmedDeletions: Int = 0,
            author: String? = nil, isFromDesk: Bool = false
        ) {
            self.files = files
            self.prunes = prunes
            self.isDryRun = isDryRun
            self.confirmedDeletions = confirmedDeletions
            self.author = author
            self.isFromDesk = isFromDesk
        }
    }

    /// What came of it.
    public struct Outcome: Hashable, Sendable {
        /// What became, or would become, of which resource.
        public let delta: ConfigurationDelta
        /// The record of the change; nil when there was nothing to change, and for a dry run.
        public let change: Int64?
    }

    /// Carries out what a person asks for, as a whole or not at all.
    ///
    /// - Throws: `DiagnosticsError` with every mistake in the files; `configuration.managed-elsewhere`,
    ///   `configuration.deletions-unconfirmed`, `configuration.moved`, `configuration.desk-only`.
    public func apply(_ request: Request) async throws -> Outcome {
        let sight = try await look()
        let resources = try read(request, beside: sight.inForce)
        try requireOwn(resources.map(\.key), sight.inForce)
        try requireDesk(resources, sight.inForce, request)
        let delta = ConfigurationDelta(from: sight.inForce, to: resources, by: .person, prunes: request.prunes)
        try requireConfirmation(of: delta, request, sight.inForce)
        guard !request.isDryRun, !delta.isEmpty else { return Outcome(delta: delta, change: nil) }
        let revision = ConfigurationRevision(DirectorySource.digest(of: request.files), author: request.author)
        return try await write(delta, resources, revision, from: "sluice apply", sight)
    }

    /// Changes what should be of one resource that is people's, by a rule on what is in force.
    ///
    /// - Parameters:
    ///   - author: Who asks for it.
    ///   - subject: What they ask for, in a few words.
    ///   - change: What should be next.
    /// - Throws: `configuration.unknown-resource`, `configuration.managed-elsewhere`, `configuration.moved`, and what
    ///   `change` throws.
    public func edit(
        _ key: ResourceKey, by author: String, subject: String, _ change: (ResourceSpec) throws -> ResourceSpec
    ) async throws -> Outcome {
        let sight = try await look()
        guard let current = sight.inForce.first(where: { $0.key == key }), let resource = current.resource,
            let kind = ResourceKind(rawValue: key.kind)
        else {
            throw SluiceError("configuration.unknown-resource", .stalled, "there is no \(key) in force")
        }
        let spec = try change(resource.spec)
        guard spec != resource.spec else {
            return Outcome(delta: ConfigurationDelta(from: [], to: [], by: .person), change: nil)
        }
        try requireOwn([key], sight.inForce)
        let next = try Resource(kind: kind, name: key.name, metadata: current.metadata, spec: spec.json)
        let delta = ConfigurationDelta(from: sight.inForce, to: [next], by: .person, prunes: false)
        let text = YAMLText.of(next.document)
        let revision = ConfigurationRevision(
            DirectorySource.digest(of: [DesiredStateFile(path: key.name, bytes: Array(text.utf8))]), author: author,
            subject: subject)
        return try await write(delta, [next], revision, from: "sluice \(key.kind.lowercased())", sight)
    }

    /// Takes out one resource that is people's. A reconciler that has the last word about it cleans up.
    ///
    /// - Throws: `configuration.unknown-resource`, `configuration.managed-elsewhere`, `configuration.still-needed`,
    ///   `configuration.moved`.
    public func withdraw(_ key: ResourceKey, by author: String) async throws -> Outcome {
        let sight = try await look()
        guard let current = sight.inForce.first(where: { $0.key == key }) else {
            throw SluiceError("configuration.unknown-resource", .stalled, "there is no \(key) in force")
        }
        try requireOwn([key], sight.inForce)
        let needing = sight.inForce.filter { $0.resource?.dependencies.contains(key) ?? false }.map(\.key.description)
        guard needing.isEmpty, !current.isKept else {
            throw SluiceError(
                "configuration.still-needed", .conflict,
                current.isKept
                    ? "\(key) stays: \(ResourceMetadata.pruneAnnotation) is disabled"
                    : "\(needing.sorted().prefix(5).joined(separator: ", ")) needs \(key)",
                hint: "take that out first")
        }
        let delta = ConfigurationDelta(from: [current.held(by: .person)], to: [], by: .person)
        let revision = ConfigurationRevision(
            DirectorySource.digest(of: [DesiredStateFile(path: key.description, bytes: [])]), author: author,
            subject: "take out \(key)")
        return try await write(delta, [], revision, from: "sluice \(key.kind.lowercased())", sight)
    }

    private struct Sight {
        let inForce: [ResourceInForce]
        let expecting: [ResourceKey: JSONValue?]
    }

    private func look() async throws -> Sight {
        // Read first: what changes behind it is noticed when it is written.
        let expecting: [ResourceKey: JSONValue?] = [
            Configuration.key: try await store.resources.get(Configuration.key)?.spec,
            Configuration.byHand: try await store.resources.get(Configuration.byHand)?.spec,
        ]
        return Sight(
            inForce: try await store.inForce().map(isSourceRead ? { $0 } : { $0.held(by: .person) }),
            expecting: expecting)
    }

    private func write(
        _ delta: ConfigurationDelta, _ resources: [Resource<ResourceSpec>], _ revision: ConfigurationRevision,
        from source: String, _ sight: Sight
    ) async throws -> Outcome {
        let change = try await store.configuration.apply(
            NewConfigurationChange(
                source: source, revision: revision, entries: delta.entries,
                store: resources.map { DesiredResource($0, managedBy: Configuration.byHand) }
                    + [DesiredResource(Configuration.byHand, spec: ["revision": revision.json])],
                retire: delta.retired, remove: delta.removed,
                enqueue: delta.concerned(among: resources, sight.inForce), expecting: sight.expecting))
        return Outcome(delta: delta, change: change)
    }

    /// The resources of the files, judged together with what stays in force.
    private func read(_ request: Request, beside inForce: [ResourceInForce]) throws -> [Resource<ResourceSpec>] {
        let reader = DesiredStateReader(taken: judgedBranch)
        let listing = DesiredStateListing(request.files)
        let read = try reader.read(listing, beside: inForce.compactMap(\.resource)).resources
        guard !read.isEmpty else {
            throw SluiceError("configuration.empty", .stalled, "there are no resources in what is to be applied")
        }
        guard request.prunes else { return read }
        // What goes is known only now; what stays must not need it.
        let going = Set(ConfigurationDelta(from: inForce, to: read, by: .person).pruned)
        return try reader.read(
            listing, beside: inForce.filter { !going.contains($0.key) }.compactMap(\.resource)
        ).resources
    }

    private func requireOwn(_ keys: [ResourceKey], _ inForce: [ResourceInForce]) throws(SluiceError) {
        let others = Set(inForce.filter { $0.manager == .source }.map(\.key))
        let refused = keys.filter(others.contains)
        guard !refused.isEmpty else { return }
        let names = refused.prefix(5).map(\.description).joined(separator: ", ")
        throw SluiceError(
            "configuration.managed-elsewhere", .conflict,
            "the directory or repository that the controller reads says what should be of \(names)"
                + (refused.count > 5 ? ", …" : ""),
            hint: "change it there; what is taken out there first can be applied")
    }

    /// What people say of a release, they say at its desk: files bring neither anybody's approval nor a target.
    private func requireDesk(
        _ resources: [Resource<ResourceSpec>], _ inForce: [ResourceInForce], _ request: Request
    ) throws(SluiceError) {
        for resource in resources {
            guard let release = resource.spec.release else {
                // What is there by now is somebody else's, and would lose what the desk does not know of.
                guard request.isFromDesk, inForce.contains(where: { $0.key == resource.key }) else { continue }
                throw SluiceError(
                    "configuration.desk-only", .conflict, "there is a \(resource.key) already",
                    hint: "take another name")
            }
            let current = inForce.first { $0.key == resource.key }?.resource?.spec.release
            let isFree = request.isFromDesk ? current == nil : current.map { $0.hasSameWords(as: release) } ?? false
            if isFree { continue }
            throw SluiceError(
                "configuration.desk-only", .conflict,
                request.isFromDesk
                    ? "there is a \(resource.key) already"
                    : "files do not submit releases, and do not say who wants what of \(resource.key)",
                hint: request.isFromDesk ? "take another name" : "see: sluice release --help")
        }
    }

    private func requireConfirmation(
        of delta: ConfigurationDelta, _ request: Request, _ inForce: [ResourceInForce]
    ) throws(SluiceError) {
        let own = inForce.count { $0.manager == .person }
        let allowed = policy.allowedDeletions(of: own)
        let going = delta.pruned.count
        guard going > max(allowed, request.confirmedDeletions), !request.isDryRun else { return }
        throw SluiceError(
            "configuration.deletions-unconfirmed", .conflict,
            "\(going) of \(own) resources would go, \(allowed) may at a time",
            hint: "look at it with --dry-run, then say --confirm-deletions \(going)")
    }
}

extension ResourceInForce {
    /// The same, put there by somebody else.
    fileprivate func held(by manager: Manager) -> ResourceInForce {
        ResourceInForce(key: key, spec: spec, metadata: metadata, manager: manager)
    }
}

extension ReleaseSpec {
    /// Whether another spec says the same of what people have asked and given their word for.
    fileprivate func hasSameWords(as other: ReleaseSpec) -> Bool {
        applicant == other.applicant && approvals == other.approvals && accepted == other.accepted
            && target == other.target && requestedBy == other.requestedBy && attempt == other.attempt
            && emergency == other.emergency && operators == other.operators
    }
}
