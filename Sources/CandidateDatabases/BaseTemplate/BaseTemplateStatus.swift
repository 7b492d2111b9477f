public import DesiredState

/// What the gate says of a base template.
public struct BaseTemplateStatus: Hashable, Sendable, Codable {
    /// What it is made of.
    public var key: String
    /// Its database, once it is sealed.
    public var database: String?
    /// How many changesets of master ran.
    public var changeSets: Int?
    /// Why master does not deploy.
    public var failure: DeployFailure?

    /// Makes a status.
    public init(key: ContentKey, database: String? = nil, changeSets: Int? = nil, failure: DeployFailure? = nil) {
        self.key = key.rawValue
        self.database = database
        self.changeSets = changeSets
        self.failure = failure
    }

    /// Reads a status as it was stored; nil for none.
    public init?(_ stored: JSONValue) {
        guard let read = try? stored.decode(as: BaseTemplateStatus.self) else { return nil }
        self = read
    }
}
