import AccessControl
import CandidateDatabases
import ConfigRepository
import ControlAPI
import DatabaseSchema
import DesiredState
import Diagnostics
import Doctor
import Foundation
import NIOConcurrencyHelpers
import Reconciliation
import ReleasePromotion
import UpstreamTracking
import Webhooks

@testable import StateStore

/// A world to ask questions of: what it holds is set by a test, what it was asked is kept.
final class FakeServices: VersionDirectory, TablesProvider, SchemaChangesProvider, RunDirectory, HistoryRetention,
    ResourceDirectory,
    EventDirectory,
    ReconcileRequests, PlanPreviews, RegistryCleanups, ConfigurationChanges, ConfigurationRequests, WebhookSources,
    WebhookInbox, DeliveryDirectory, NoticeDirectory, HostDirectory, DoctorReports, ReleaseRequests, UpstreamRequests,
    MetricsPage,
    ReadinessProbe,
    AccessDirectory, TokenRequests, AuditDirectory
{
    struct World: Sendable {
        var candidates: [VersionCandidate] = []
        var master: MasterVersion?
        var tables: [TableInfo] = []
        var schemaChanges: SchemaChanges?
        var runs: [Run] = []
        var tasks: [RunTask] = []
        var resources: [StoredResource] = []
        var events: [Event] = []
        var changes: [ConfigurationChange] = []
        var checks: [ReadinessCheck] = []
        /// What every question is answered with, when set.
        var failure: SluiceError?
        var registries: [String] = ["land"]
        var filters: [HistoryFilter] = []
        var requested: [ResourceKey] = []
        var projects: [String] = []
        var sources: [WebhookSource] = []
        /// What webhooks left.
        var kept: [NewDelivery] = []
        var deliveries: [Delivery] = []
        var notices: [Notice] = []
        var hosts: [HostStanding] = []
        var findings: [Finding] = []
        /// What was asked of releases: name, words, actor.
        var asked: [String] = []
        var orders: [Order] = []
        /// Who may do what.
        var rules = AccessRules()
        var isShared = false
        var tokens: [AccessToken] = []
        /// What was written down.
        var audit: [AuditEntry] = []
    }

    private let world: NIOLockedValueBox<World>

    private let tracking: (any TrackingDesk)?

    init(_ world: World = World(), tracking: (any TrackingDesk)? = nil) {
        self.world = NIOLockedValueBox(world)
        self.tracking = tracking
    }

    var now: World { world.withLockedValue { $0 } }

    var all: ControlServices {
        ControlServices(
            versions: self, tables: self, schemaChanges: self, runs: self, retention: self, resources: self,
            events: self,
            requests: self, plans: self,
            cleanups: self, changes: self, webhooks: self, inbox: self, deliveries: self, notices: self, hosts: self,
            releases: self,
            upstreams: self, tracking: tracking, configuration: self, access: self, tokens: self, audit: self,
            metrics: self, readiness: self, doctor: self)
    }

    func metrics() async -> (type: String, content: String) { ("text/plain; version=0.0.4", "sluice_build_info 1\n") }

    func rules() async throws -> AccessRules { now.rules }

    func isShared() async throws -> Bool { now.isShared }

    func add(_ token: NewAccessToken, _ secret: TokenSecret, by creator: String) async throws -> AccessToken {
        let made = AccessToken(
            id: secret.id, subject: token.subject, groups: token.groups, scopes: token.scopes, note: token.note,
            createdBy: creator, createdAt: Given.time,
            expiresAt: Given.time.addingTimeInterval(token.lifetime / .seconds(1)))
        world.withLockedValue { $0.tokens.append(made) }
        return made
    }

    func list(subject: String?, after id: String?, limit: Int) async throws -> [AccessToken] {
        Array(now.tokens.filter { (subject == nil || $0.subject == subject) && $0.id > (id ?? "") }.prefix(limit))
    }

    func revoke(_ id: String, by person: String) async throws -> AccessToken? { now.tokens.first { $0.id == id } }

    func append(_ entry: AuditEntry) async throws {
        _ = try look(for: "land")
        world.withLockedValue { $0.audit.append(entry) }
    }

    func list(_ filter: AuditLog.Filter, page: PageRequest) async throws -> Page<AuditRecord> {
        var records: [AuditRecord] = []
        for entry in now.audit {
            records.append(
                AuditRecord(entry, after: records.last.map { ($0.id, $0.hash) }, at: "2026-01-31T10:00:00.000000Z"))
        }
        return Page(records.reversed(), limit: page.limit, id: \.id)
    }

    func hosts() async -> [HostStanding] { now.hosts }

    func examine() async -> DoctorReport { DoctorReport(now.findings) }

    func submit(_ name: String, _ spec: JSONValue, by actor: String) async throws -> Int64 {
        _ = try look(for: "land")
        return world.withLockedValue {
            $0.asked.append("\(name) submit \(actor)")
            return 7
        }
    }

    func ask(_ command: ReleaseCommand, of name: String, by actor: String) async throws -> Int64 {
        _ = try look(for: "land")
        return world.withLockedValue {
            $0.asked.append("\(name) \(command) \(actor)")
            return 8
        }
    }

    func add(_ name: String, _ spec: JSONValue, by actor: String) async throws -> Int64 {
        record("\(name) add \(actor)", 9)
    }

    func order(
        _ command: TrackingCommand, of name: String, by actor: String
    ) async throws -> (order: Int64, pass: Int64) {
        (3, record("\(name) \(command.verb) \(command.arguments.canonicalText) \(actor)", 10))
    }

    func ignore(_ rules: IgnoreRules, of name: String, by actor: String) async throws -> Int64 {
        record("\(name) ignore \(rules.paths + rules.authors + rules.subjects) \(actor)", 11)
    }

    func remove(_ name: String, by actor: String) async throws -> Int64 { record("\(name) remove \(actor)", 12) }

    func orders(of name: String, page: PageRequest) async throws -> Page<Order> {
        Page(now.orders, limit: page.limit, id: \.id)
    }

    private func record(_ words: String, _ pass: Int64) -> Int64 {
        world.withLockedValue { $0.asked.append(words) }
        return pass
    }

    private func see() throws -> World {
        if let failure = now.failure { throw failure }
        return now
    }

    private func look(for registry: String? = nil) throws -> World {
        let world = now
        if let failure = world.failure { throw failure }
        if let registry, !world.registries.contains(registry) {
            throw SluiceError("registry.unknown", .stalled, "there is no such registry")
        }
        if registry == nil, world.registries.count > 1 {
            throw SluiceError("registry.ambiguous", .stalled, "there are several registries")
        }
        return world
    }

    func list(of key: ResourceKey?, page: PageRequest) async throws -> Page<ConfigurationChange> {
        let changes = try look(for: "land").changes.filter { change in
            key == nil || change.entries.contains { $0.key == key }
        }
        return Page(changes, limit: page.limit, id: \.id)
    }

    func apply(_ request: ConfigurationByHand.Request) async throws -> ConfigurationByHand.Outcome {
        throw SluiceError(
            "configuration.managed-elsewhere", .conflict, "\(request.files.count) files are the repository's")
    }

    func change(_ id: Int64) async throws -> ConfigurationChange? { now.changes.first { $0.id == id } }

    func schemaChanges(of candidate: String, registry: String) async throws -> SchemaChanges? {
        let world = try look(for: registry)
        return world.candidates.contains { $0.id == candidate } ? world.schemaChanges : nil
    }

    func candidates(of registry: String?) async throws -> [VersionCandidate] { try look(for: registry).candidates }

    func candidate(_ id: String, of registry: String?) async throws -> VersionCandidate? {
        try look(for: registry).candidates.first { $0.id == id }
    }

    func master(of registry: String?) async throws -> MasterVersion? { try look(for: registry).master }

    func tables(
        of version: VersionReference, registry: String?
    ) async throws -> VersionTables<[TableSummary]>? {
        let world = try look(for: registry)
        guard let (state, revision) = database(of: version, in: world) else { return nil }
        let tables = try world.tables.map { table -> TableSummary in
            try JSONValue(encoding: table).decode()
        }
        return VersionTables(state: state, revision: revision, content: revision == nil ? nil : tables)
    }

    func table(
        _ name: String, of version: VersionReference, registry: String?
    ) async throws -> VersionTables<TableInfo>? {
        let world = try look(for: registry)
        guard let (state, revision) = database(of: version, in: world) else { return nil }
        return VersionTables(state: state, revision: revision, content: world.tables.first { $0.name == name })
    }

    private func database(of version: VersionReference, in world: World) -> (DatabaseState, String?)? {
        switch version {
        case .master: (.ready, "aaaa")
        case .candidate(let id): world.candidates.first { $0.id == id }.map { ($0.database, $0.shownRevision) }
        }
    }

    func runs(_ filter: HistoryFilter, statuses: Set<RunStatus>, page: PageRequest) async throws -> Page<Run> {
        world.withLockedValue { $0.filters.append(filter) }
        let runs = try see().runs.filter { statuses.isEmpty || statuses.contains($0.status) }
            .filter { run in page.cursor.map { run.id < $0.id } ?? true }
        return Page(Array(runs.prefix(page.limit + 1)), limit: page.limit, id: \.id)
    }

    func run(_ id: Int64) async throws -> Run? { try see().runs.first { $0.id == id } }

    func tasks(_ filter: HistoryFilter, statuses: Set<TaskStatus>, page: PageRequest) async throws -> Page<RunTask> {
        let tasks = try see().tasks.filter { filter.run == nil || $0.runID == filter.run }
            .filter { statuses.isEmpty || statuses.contains($0.status) }
            .filter { filter.target == nil || $0.planned.target == filter.target }
        return Page(tasks, limit: page.limit, id: \.id)
    }

    func tasks(ofRun id: Int64) async throws -> [RunTask] { try see().tasks.filter { $0.runID == id } }

    func definition(ofRun id: Int64) async throws -> JSONValue? { id == 1 ? ["spec": ["a": 1]] : nil }

    func forgettable(_ policy: RetentionPolicy) async throws -> ForgettableHistory {
        let old = try see().runs.dropFirst(policy.newest)
        return ForgettableHistory(runs: old.count, tasks: 0, oldest: old.last?.startedAt, newest: old.first?.startedAt)
    }

    func forget(_ policy: RetentionPolicy, limit: Int) async throws -> Int {
        world.withLockedValue { world in
            let count = min(limit, max(0, world.runs.count - policy.newest))
            world.runs.removeLast(count)
            return count
        }
    }

    var kinds: [String] { ["Registry", "Candidate", "Release", "Upstream"] }

    func resource(_ key: ResourceKey) async throws -> StoredResource? { try see().resources.first { $0.key == key } }

    func resources(kind: String, after name: String?, limit: Int) async throws -> [StoredResource] {
        let found = try see().resources.filter { $0.key.kind == kind && $0.key.name > (name ?? "") }
        return Array(found.sorted { $0.key < $1.key }.prefix(limit))
    }

    func list(of key: ResourceKey?, page: PageRequest) async throws -> Page<Event> {
        let events = try see().events.filter { key == nil || $0.key == key }
        return Page(events, limit: page.limit, id: \.id)
    }

    func reconcile(_ key: ResourceKey, confirming confirmation: ReconcileConfirmation) async throws -> Int64 {
        _ = try see()
        world.withLockedValue { $0.requested.append(key) }
        return 7
    }

    func isAnswered(_ key: ResourceKey, pass: Int64) async throws -> Bool { pass < 10 }

    func preview(_ key: ResourceKey) async throws -> PlanPreview {
        PlanPreview(
            key: key, revision: nil, tasks: [PlannedTask("database.clone", target: "registry-dev-1042")],
            result: .ready("as desired"))
    }

    func preview(_ registry: String) async throws -> PlanPreview {
        try await preview(ResourceKey(kind: "Cleanup", name: registry))
    }

    func cleanUp(_ registry: String, agreedTo steps: Int) async throws -> (kind: String, pass: Int64) {
        world.withLockedValue { $0.projects.append("\(registry) \(steps)") }
        return ("Cleanup", 3)
    }

    func source(named name: String) async throws -> WebhookSource? { try see().sources.first { $0.name == name } }

    func keep(_ delivery: NewDelivery) async throws -> DeliveryReceipt {
        _ = try see()
        return world.withLockedValue { world in
            let known = world.kept.firstIndex { $0.source == delivery.source && $0.key == delivery.key }
            if known == nil { world.kept.append(delivery) }
            return DeliveryReceipt(
                id: Int64((known ?? world.kept.count - 1) + 1), isRepeat: known != nil, outcome: .waiting)
        }
    }

    func list(_ filter: DeliveryFilter, page: PageRequest) async throws -> Page<Delivery> {
        let found = try see().deliveries.filter { filter.source == nil || $0.source == filter.source }
            .filter { filter.outcomes.isEmpty || filter.outcomes.contains($0.outcome) }
        return Page(found, limit: page.limit, id: \.id)
    }

    func delivery(_ id: Int64) async throws -> Delivery? { try see().deliveries.first { $0.id == id } }

    func redeliver(_ id: Int64) async throws -> Bool { try see().deliveries.contains { $0.id == id && $0.hasBody } }

    func list(_ filter: NoticeFilter, page: PageRequest) async throws -> Page<Notice> {
        let found = try see().notices.filter { filter.subscriber == nil || $0.subscriber.name == filter.subscriber }
            .filter { filter.states.isEmpty || filter.states.contains($0.state) }
        return Page(found, limit: page.limit, id: \.id)
    }

    func notice(_ id: Int64) async throws -> Notice? { try see().notices.first { $0.id == id } }

    func redeliver(_ id: Int64) async throws -> Int64? { try await notice(id).map { _ in 7 } }

    func test(_ channel: ResourceKey, by actor: String) async throws -> (id: Int64, pass: Int64) {
        guard let first = try see().notices.first(where: { $0.subscriber == channel }) else {
            throw SluiceError("notice.no-subscriber", .stalled, "there is no \(channel)")
        }
        return (first.id, 7)
    }

    func checks() async -> [ReadinessCheck] { now.checks }
}

/// Values for a world.
enum Given {
    static let time = Date(timeIntervalSince1970: 1_767_225_600.25)

    static func run(_ id: Int64, _ status: RunStatus = .succeeded, of name: String = "land/1042") -> Run {
        Run(
            id: id, key: ResourceKey(kind: "Candidate", name: name), generation: nil, revision: "bbbb", pass: 3,
            attempt: 1, worker: "w", reasons: ["timer"], status: status, startedAt: time,
            endedAt: status == .running ? nil : time.addingTimeInterval(1.5), summary: ["changeSets": 2],
            error: status == .failed ? RecordedError(code: "a.b", message: "it failed", detail: "host 10.0.0.1") : nil)
    }

    static func task(
        _ id: Int64, run: Int64, _ status: TaskStatus = .succeeded, target: String = "db", of name: String = "land/1042"
    ) -> RunTask {
        RunTask(
            id: id, runID: run, key: ResourceKey(kind: "Candidate", name: name), revision: "bbbb", position: 0,
            planned: PlannedTask("clone-database", target: target), attempt: 1, status: status, startedAt: time,
            endedAt: nil, summary: [:], error: nil)
    }

    static func resource(_ kind: String, _ name: String) -> StoredResource {
        StoredResource(
            key: ResourceKey(kind: kind, name: name), owner: nil, metadata: ["labels": ["team": "a"]], spec: ["a": 1],
            generation: 2, observedGeneration: 1, status: ["state": "building"],
            conditions: [
                Condition(type: .ready, status: .false, reason: "Building", message: "soon", lastTransitionTime: time)
            ],
            waiting: WaitingOn(what: "the base template", since: time), nextLook: nil, lastHandled: nil,
            suspended: false,
            deletionRequestedAt: nil, createdAt: time, updatedAt: time)
    }

    static func delivery(_ id: Int64, _ outcome: DeliveryOutcome = .queued, hasBody: Bool = true) -> Delivery {
        Delivery(
            id: id, source: "gitlab", scheme: "gitlab", event: "Push Hook", headers: ["webhook-id": "a"],
            digest: "sha256:00", size: 2, hint: ["project": "registries/land"], outcome: outcome, reason: nil,
            attempts: 1, repeats: 0, receivedAt: time, handledAt: outcome == .waiting ? nil : time, hasBody: hasBody)
    }

    static func notice(_ id: Int64, of name: String = "land", _ state: NoticeState = .delivered) -> Notice {
        Notice(
            id: id, messageID: "msg_\(id)", subscriber: ResourceKey(kind: "NotificationChannel", name: "ops"),
            object: ResourceKey(kind: "Registry", name: name), severity: .warning, reason: "Stalled",
            message: "master does not deploy", state: state, attempts: 1, status: 200, answer: "HTTP status 200",
            createdAt: time, attemptedAt: time, endedAt: state == .waiting ? nil : time)
    }

    static func event(_ id: Int64, of name: String = "land") -> Event {
        Event(
            id: id, key: ResourceKey(kind: "Registry", name: name), severity: .warning, reason: "Stalled",
            message: "master does not deploy", count: 2, firstSeen: time, lastSeen: time)
    }

    /// A table as the platform's own tools describe it.
    static let tableText = """
        {"columns":{"hours":{"defaultValue":"0","description":null,"name":"hours","notNullFlag":false,"type":"numeric"},\
        "subject_id":{"defaultValue":null,"description":null,"name":"subject_id","notNullFlag":true,"type":"uuid"}},\
        "description":"Area with a subject","foreignKeys":{"fk_area_subject":{"columnPairs":[{"sourceColumnName":\
        "subject_id","targetColumnName":"subject_id"}],"name":"fk_area_subject","targetTable":"subject"}},\
        "indices":{"ix_area__hours":{"columns":[{"name":"hours","sorting":"DESC"}],"name":"ix_area__hours"}},\
        "name":"area","objectReference":true,"primaryKey":null,"uniqueConstraints":{}}
        """

    static func table() throws -> TableInfo { try JSONValue(parsing: tableText).decode() }

    static func candidate(
        _ id: String, _ state: DatabaseState = .ready, shows: String? = "bbbb", outcome: DeployOutcome = .success
    ) -> VersionCandidate {
        VersionCandidate(
            id: id, name: "Adds visits", created: time, outcome: outcome, database: state, shownRevision: shows)
    }
}
