/// Everything that the interface asks. The composition brings the implementations; tests bring fakes.
public struct ControlServices: Sendable {
    /// Answers for candidates and master.
    public let versions: any VersionDirectory
    /// Answers for their tables.
    public let tables: any TablesProvider
    /// Answers for what candidates change.
    public let schemaChanges: any SchemaChangesProvider
    /// Answers for runs and tasks.
    public let runs: any RunDirectory
    /// Forgets what is old of them.
    public let retention: any HistoryRetention
    /// Answers for objects.
    public let resources: any ResourceDirectory
    /// Answers for events.
    public let events: any EventDirectory
    /// Takes requests to look at an object, or at what a project concerns.
    public let requests: any ReconcileRequests
    /// Says what would be done.
    public let plans: any PlanPreviews
    /// Takes down what is held for a registry.
    public let cleanups: any RegistryCleanups
    /// Answers for changes of desired state.
    public let changes: any ConfigurationChanges
    /// Knows who may send webhooks.
    public let webhooks: any WebhookSources
    /// Keeps webhooks.
    public let inbox: any WebhookInbox
    /// Answers for webhooks that came.
    public let deliveries: any DeliveryDirectory
    /// Answers for what people and programs were told.
    public let notices: any NoticeDirectory
    /// Answers for the hosts that are asked over HTTP.
    public let hosts: any HostDirectory
    /// Takes what people ask of releases.
    public let releases: any ReleaseRequests
    /// Takes what people ask of upstreams.
    public let upstreams: any UpstreamRequests
    /// Answers clients of patch-tracking; nil when it does not.
    public let tracking: (any TrackingDesk)?
    /// Takes what people apply themselves.
    public let configuration: any ConfigurationRequests
    /// Says who may do what.
    public let access: any AccessDirectory
    /// Keeps the tokens that people make.
    public let tokens: any TokenRequests
    /// Keeps what people did and were refused.
    public let audit: any AuditDirectory
    /// Answers for what is counted and measured.
    public let metrics: any MetricsPage
    /// Says whether the controller is fit for work.
    public let readiness: any ReadinessProbe
    /// Looks at everything that the controller works with.
    public let doctor: any DoctorReports

    /// Gathers the services.
    public init(
        versions: any VersionDirectory, tables: any TablesProvider,
        schemaChanges: any SchemaChangesProvider, runs: any RunDirectory, retention: any HistoryRetention,
        resources: any ResourceDirectory, events: any EventDirectory, requests: any ReconcileRequests,
        plans: any PlanPreviews, cleanups: any RegistryCleanups, changes: any ConfigurationChanges,
        webhooks: any WebhookSources, inbox: any WebhookInbox, deliveries: any DeliveryDirectory,
        notices: any NoticeDirectory, hosts: any HostDirectory, releases: any ReleaseRequests,
        upstreams: any UpstreamRequests,
        tracking: (any TrackingDesk)? = nil, configuration: any ConfigurationRequests, access: any AccessDirectory,
        tokens: any TokenRequests, audit: any AuditDirectory, metrics: any MetricsPage, readiness: any ReadinessProbe,
        doctor: any DoctorReports
    ) {
        self.versions = versions
        self.tables = tables
        self.schemaChanges = schemaChanges
        self.runs = runs
        self.retention = retention
        self.resources = resources
        self.events = events
        self.requests = requests
        self.plans = plans
        self.cleanups = cleanups
        self.changes = changes
        self.webhooks = webhooks
        self.inbox = inbox
        self.deliveries = deliveries
        self.notices = notices
        self.hosts = hosts
        self.releases = releases
        self.upstreams = upstreams
        self.tracking = tracking
        self.configuration = configuration
        self.access = access
        self.tokens = tokens
        self.audit = audit
        self.metrics = metrics
        self.readiness = readiness
        self.doctor = doctor
    }
}
