public import Logging

/// On whose behalf a task works: the trace that it belongs to, and what its log lines say of it.
///
/// It goes with the task, so that neither has to be handed through everything that may log a line or ask a host. This
/// module carries it; it knows neither engine nor HTTP.
public struct WorkContext: Sendable {
    /// The trace; nil for work that nobody asked for.
    public var trace: TraceContext?
    /// What log lines say besides, by the names of ``Field``.
    public var fields: [Field: String]

    /// Makes a context.
    public init(trace: TraceContext? = nil, fields: [Field: String] = [:]) {
        self.trace = trace
        self.fields = fields
    }

    /// What log lines say of the work that they are about.
    public enum Field: String, Hashable, Sendable, CaseIterable {
        /// The object, as `Candidate/land/1042`.
        case object
        /// The lane of the work queue.
        case lane
        /// Which pass over the object, counted from 1 over its whole life.
        case pass
        /// The generation of the object's spec.
        case generation
        /// The run, as `sluice history show` takes it.
        case run
        /// The id of the request.
        case request
    }

    /// That of the task that asks.
    @TaskLocal public static var current = WorkContext()

    /// The same with more fields.
    public func adding(_ more: [Field: String]) -> WorkContext {
        WorkContext(trace: trace, fields: fields.merging(more) { _, new in new })
    }
}

extension Logger.MetadataProvider {
    /// What the context of the task that logs says: its fields, and the trace by the names that OpenTelemetry has for them.
    public static let workContext = Logger.MetadataProvider {
        let context = WorkContext.current
        var metadata: Logger.Metadata = [:]
        for (field, value) in context.fields { metadata[field.rawValue] = .string(value) }
        if let trace = context.trace {
            metadata["trace_id"] = .string(trace.traceID)
            metadata["span_id"] = .string(trace.spanID)
        }
        return metadata
    }
}
