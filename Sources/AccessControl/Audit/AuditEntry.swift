public import DesiredState

/// Something that somebody did, or was refused, to be written down.
public struct AuditEntry: Hashable, Sendable {
    /// How far it came.
    public enum Outcome: String, Sendable, CaseIterable {
        /// It is begun now. What came of it stands in an entry of the same request; when there is none, the process died.
        case begun
        /// It was done.
        case done
        /// It was allowed, and failed.
        case failed
        /// It was not allowed.
        case refused
    }

    /// Who, by the name that was proved.
    public var actor: String
    /// How that was proved.
    public var proof: Subject.Proof
    /// By which credential, where there are several of one name: the id of a token.
    public var credential: String?
    /// In whose name, where somebody who is trusted altogether asked for another.
    public var onBehalfOf: String?
    /// From which address; nil when it is not known.
    public var address: String?
    /// What, as the interface calls it: `askOfRelease approve`.
    public var action: String
    /// The verb that it needs.
    public var verb: Verb?
    /// With what.
    public var object: AccessObject?
    /// More about it, without secrets.
    public var arguments: JSONValue
    /// How far it came.
    public var outcome: Outcome
    /// The code of the error that it ended in.
    public var code: String?
    /// The id of the request, as whoever sent it calls it.
    public var request: String
    /// What the entries of one attempt have in common, and no others; nil for what was never begun.
    public var attempt: String?
    /// How many refusals before this one were not written down, because too many came at once.
    public var suppressed: Int

    /// Makes an entry.
    public init(
        actor: String, proof: Subject.Proof, credential: String? = nil, onBehalfOf: String? = nil, address: String?,
        action: String, verb: Verb?,
        object: AccessObject?, arguments: JSONValue = [:], outcome: Outcome, code: String? = nil, request: String,
        attempt: String? = nil, suppressed: Int = 0
    ) {
        self.actor = actor
        self.proof = proof
        self.credential = credential
        self.onBehalfOf = onBehalfOf
        self.address = address
        self.action = action
        self.verb = verb
        self.object = object
        self.arguments = arguments
        self.outcome = outcome
        self.code = code
        self.request = request
        self.attempt = attempt
        self.suppressed = suppressed
    }
}

/// Where entries are written down.
public protocol AuditSink: Sendable {
    /// Writes an entry down, for good, before it returns.
    func append(_ entry: AuditEntry) async throws
}
