/// What surrounds a change while it is decoded: the files it may name and the properties of its changelog.
public struct DecodingContext: Sendable {
    /// The files of the changelog.
    public var source: any ChangelogSource
    /// The physical file in which the change stands; relative paths begin at its directory.
    public var file: String
    /// The changeset, for messages; nil outside one.
    public var changeSet: ChangeSet.Identity?
    /// Whether a data file with a mistake counts as one without rows, as Liquibase has it for `failOnError="false"`.
    public var toleratesBadData: Bool
    /// Puts properties into the text of a file that a change names.
    public var expand: @Sendable (String) -> String
    /// All changes of the changeset, this one too, as they are written.
    public var siblings: [ChangelogNode] = []
    /// The rest of the changelog.
    public var overview = ChangelogOverview()

    /// Makes a context.
    public init(
        source: any ChangelogSource, file: String, changeSet: ChangeSet.Identity? = nil,
        toleratesBadData: Bool = false, expand: @escaping @Sendable (String) -> String = { $0 }
    ) {
        self.source = source
        self.file = file
        self.changeSet = changeSet
        self.toleratesBadData = toleratesBadData
        self.expand = expand
    }

    /// The path of a file that a change names, beside the changelog or from the root.
    func path(_ path: String, relativeToChangelog: Bool) throws(ChangelogPath.Refusal) -> ChangelogPath {
        try ChangelogPath(path, besides: relativeToChangelog ? file : nil)
    }

    /// The content of such a file where a name is a guess; nil when there is none.
    func content(ofFile path: String, relativeToChangelog: Bool) -> [UInt8]? {
        guard let path = try? self.path(path, relativeToChangelog: relativeToChangelog) else { return nil }
        return (try? source.contents(of: path.normalized)) ?? nil
    }
}
