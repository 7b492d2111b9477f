/// The one error type of Sluice: what happened, as a value.
///
/// It has two renderings. ``description`` may be shown to anyone: to the author of a candidate, in a log line, in an
/// HTTP answer. `debugDescription` adds ``detail`` and the cause, which may name hosts, statements or data and are for
/// operators only. Never put a secret in either.
///
/// Equality is not offered on purpose: match on ``code``.
public struct SluiceError: Error, Sendable {
    /// A stable slug that a program may match, such as `candidate.changeset-failed`. Never renamed, never reused.
    public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The slug: a subject, a dot, and what is wrong with it.
        public let rawValue: String
        /// Makes a code of a slug.
        public init(rawValue: String) { self.rawValue = rawValue }
        /// Makes a code of a slug.
        public init(_ rawValue: String) { self.rawValue = rawValue }
        /// The slug.
        public var description: String { rawValue }
    }

    /// What the engine does about an error; see `docs/architecture.md`, section "Errors".
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The same attempt may succeed later: retried with backoff.
        case transient
        /// The input is wrong: not retried until the input changes.
        case stalled
        /// The world moved under the attempt: observed again at once.
        case conflict
    }

    /// What happened, for programs.
    public let code: Code
    /// Whether, and when, to try again.
    public let kind: Kind
    /// What happened, in a sentence that is safe to show anyone.
    public let message: String
    /// What the reader can do about it, safe to show anyone.
    public let hint: String?
    /// Where in the user's own input the error stands, when it stands somewhere.
    public let location: SourceLocation?
    /// More for operators: statements, hosts, the server's own words. Not safe to show anyone.
    public let detail: String?
    /// How long a server asked us to wait before the next attempt.
    public let retryAfter: Duration?
    /// The error below this one.
    public let cause: (any Error)?

    /// Makes an error. `kind` decides what the engine does about it.
    public init(
        _ code: Code, _ kind: Kind, _ message: String, hint: String? = nil,
        at location: SourceLocation? = nil, detail: String? = nil, retryAfter: Duration? = nil,
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.kind = kind
        self.message = message
        self.hint = hint
        self.location = location
        self.detail = detail
        self.retryAfter = retryAfter
        self.cause = cause
    }
}

extension SluiceError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The safe rendering: place, message and hint.
    public var description: String {
        var text = location.map { "\($0): " } ?? ""
        text += message
        if let hint { text += " (\(hint))" }
        return text
    }

    /// The rendering for operators: the safe one with code, detail and cause.
    public var debugDescription: String {
        var text = "[\(code)] \(description)"
        if let detail { text += "\n  detail: \(detail)" }
        if let cause { text += "\n  cause: \(String(reflecting: cause))" }
        return text
    }
}

/// An error of a room below the domains that knows how it looks as a ``SluiceError``.
public protocol SluiceErrorConvertible: Error {
    /// The same error in the form that is reported, recorded and decided on.
    var sluiceError: SluiceError { get }
}

extension SluiceError {
    /// Any error as a `SluiceError`: itself, its own conversion, or `internal.unexpected` with the original as cause.
    public init(wrapping error: any Error) {
        switch error {
        case let error as SluiceError: self = error
        case let error as any SluiceErrorConvertible: self = error.sluiceError
        case is CancellationError:
            self = SluiceError("run.cancelled", .conflict, "the work was cancelled", cause: error)
        default:
            self = SluiceError(
                "internal.unexpected", .transient, "an unexpected internal error occurred",
                hint: "the controller's log has the details", detail: String(reflecting: error), cause: error)
        }
    }
}

extension SluiceError.Code: ExpressibleByStringLiteral {
    /// Makes a code of a literal slug.
    public init(stringLiteral value: String) { self.init(rawValue: value) }
}
