import Diagnostics
import Forges
public import Foundation
public import GitClient

/// What a database says of itself, in its comment: whose it is, what it holds, and how far it got.
///
/// The comment is read without connecting to the database and survives the loss of the state store. A database without
/// it is nobody's business of ours, whatever its name is.
public struct Provenance: Hashable, Sendable, Codable {
    /// What the database is for.
    public enum Role: String, Sendable, Codable {
        /// Holds a candidate's content, published or being built.
        case candidate
        /// Holds master's changelog as of one base, to be cloned.
        case baseTemplate = "base-template"
        /// Holds the content of the target branch's head, to be read.
        case master
    }

    /// How far the database got.
    public enum State: Hashable, Sendable {
        /// Being built. May become ``deployed`` or ``failed``. Worthless after a crash.
        case building
        /// Its content is complete. Stays so until it is dropped.
        case deployed
        /// Its changelog failed and will fail again with the same key.
        case failed(DeployFailure)
    }

    /// The version of this form.
    public static let version = 1

    /// The installation that made it.
    public var instance: String
    /// The registry it belongs to.
    public var registry: String
    /// What it is for.
    public var role: Role
    /// The candidate's id, for candidates.
    public var candidate: String?
    /// The revision whose content it holds; for base templates the base commit.
    public var revision: ObjectID
    /// The commit of the target branch that it stands on.
    public var base: ObjectID
    /// What it is made of.
    public var key: ContentKey
    /// How far it got.
    public var state: State
    /// How many changesets ran on top of what was cloned.
    public var changeSets: Int
    /// What lint had to say about them, for candidates.
    public var findings: GateFindings?
    /// When it was written.
    public var at: Date
    /// The base template that it was cloned from, for candidates.
    public var template: String?
    /// What it changes in the schema of its base, for candidates that deployed something.
    public var schema: SchemaNote?

    /// Makes a provenance.
    public init(
        instance: String, registry: String, role: Role, candidate: String?, revision: ObjectID, base: ObjectID,
        key: ContentKey, state: State, changeSets: Int = 0, findings: GateFindings? = nil, at: Date,
        template: String? = nil, schema: SchemaNote? = nil
    ) {
        self.instance = instance
        self.registry = registry
        self.role = role
        self.candidate = candidate
        self.revision = revision
        self.base = base
        self.key = key
        self.state = state
        self.changeSets = changeSets
        self.findings = findings
        self.at = at
        self.template = template
        self.schema = schema
    }
}

extension Provenance {
    /// The candidate, to be compared: two ids are the same when their bytes are, which texts do not ask.
    var candidateID: CandidateID? { candidate.flatMap { try? CandidateID($0) } }

    /// Reads a database comment; nil when it is not one of ours, or of a version that we do not know.
    public init?(comment: String?) {
        guard let comment, comment.utf8.count <= 32_768, comment.begins(with: "{\"sluice\":") else { return nil }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        guard let read = try? decoder.decode(Provenance.self, from: Data(comment.utf8)) else { return nil }
        self = read
    }

    /// The comment to write: one line of JSON that begins with `{"sluice":`.
    public var comment: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.dateEncodingStrategy = .iso8601
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let body = String(decoding: try encoder.encode(self), as: UTF8.self)
            return "{\"sluice\":\(Self.version)," + body.dropFirst()
        }
    }

    private enum CodingKeys: String, CodingKey {
        case sluice, instance, registry, role, candidate, revision, base, key, state, changeSets, findings, failure, at
        case template, schema
    }

    /// Reads the fields; an unknown version or state is an error.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func refuse(_ key: CodingKeys, _ why: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: values, debugDescription: why)
        }
        guard try values.decode(Int.self, forKey: .sluice) == Self.version else { throw refuse(.sluice, "version") }
        instance = try values.decode(String.self, forKey: .instance)
        registry = try values.decode(String.self, forKey: .registry)
        role = try values.decode(Role.self, forKey: .role)
        candidate = try values.decodeIfPresent(String.self, forKey: .candidate)
        revision = try values.decode(ObjectID.self, forKey: .revision)
        base = try values.decode(ObjectID.self, forKey: .base)
        guard let key = ContentKey(rawValue: try values.decode(String.self, forKey: .key)) else {
            throw refuse(.key, "not a content key")
        }
        self.key = key
        changeSets = try values.decode(Int.self, forKey: .changeSets)
        findings = try values.decodeIfPresent(GateFindings.self, forKey: .findings)
        at = try values.decode(Date.self, forKey: .at)
        template = try values.decodeIfPresent(String.self, forKey: .template)
        schema = try values.decodeIfPresent(SchemaNote.self, forKey: .schema)
        switch try values.decode(String.self, forKey: .state) {
        case "building": state = .building
        case "deployed": state = .deployed
        case "failed": state = .failed(try values.decode(DeployFailure.self, forKey: .failure))
        default: throw refuse(.state, "unknown state")
        }
    }

    /// Writes all fields but the version, which ``comment`` puts first.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(instance, forKey: .instance)
        try values.encode(registry, forKey: .registry)
        try values.encode(role, forKey: .role)
        try values.encodeIfPresent(candidate, forKey: .candidate)
        try values.encode(revision, forKey: .revision)
        try values.encode(base, forKey: .base)
        try values.encode(key.rawValue, forKey: .key)
        try values.encode(changeSets, forKey: .changeSets)
        try values.encodeIfPresent(findings, forKey: .findings)
        try values.encode(at, forKey: .at)
        try values.encodeIfPresent(template, forKey: .template)
        try values.encodeIfPresent(schema, forKey: .schema)
        switch state {
        case .building: try values.encode("building", forKey: .state)
        case .deployed: try values.encode("deployed", forKey: .state)
        case .failed(let failure):
            try values.encode("failed", forKey: .state)
            try values.encode(failure, forKey: .failure)
        }
    }
}
