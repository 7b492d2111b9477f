public import DesiredState
public import Diagnostics

/// An item of openEuler's patch-tracking, the tool that people come from: its seven fields as it writes them.
public struct TrackingItem: Hashable, Sendable {
    /// `github` or `git`.
    public var versionControl: String
    /// Upstream's repository: `org/repo` on GitHub, or a URL.
    public var scmRepo: String
    /// Upstream's branch.
    public var scmBranch: String
    /// Up to where the package has everything; nil when nobody has said.
    public var scmCommit: String?
    /// The package's repository: `org/repo`, or a URL.
    public var repo: String
    /// The package's branch.
    public var branch: String
    /// Whether it is looked at.
    public var enabled: Bool

    /// Makes an item.
    public init(
        versionControl: String, scmRepo: String, scmBranch: String, scmCommit: String? = nil, repo: String,
        branch: String, enabled: Bool
    ) {
        self.versionControl = versionControl
        self.scmRepo = scmRepo
        self.scmBranch = scmBranch
        self.scmCommit = scmCommit
        self.repo = repo
        self.branch = branch
        self.enabled = enabled
    }

    /// The names of the fields. All but `scm_commit` are required.
    public static let fields = [
        "version_control", "scm_repo", "scm_branch", "scm_commit", "repo", "branch", "enabled",
    ]

    /// Reads an item from JSON.
    /// - Throws: `patch-tracking.item-invalid` with the field that is wrong.
    public init(json: JSONValue) throws(SluiceError) {
        guard let members = json.object else { throw Self.wrong("it is no object") }
        if let other = members.keys.sorted().first(where: { !Self.fields.contains($0) }) {
            throw Self.wrong("there is no field \"\(TextScrubber(limit: 60).scrub(other))\"")
        }
        func text(_ name: String) throws(SluiceError) -> String {
            guard let value = members[name] else { throw Self.wrong("\(name) is missing") }
            guard let text = value.string, !text.isEmpty, text.utf8.count <= Self.longest,
                !text.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
            else { throw Self.wrong("\(name) is to be a text of one line") }
            return text
        }
        let control = try text("version_control")
        guard ["github", "git"].contains(control) else { throw Self.wrong("version_control is github or git") }
        var commit: String?
        if let value = members["scm_commit"], value != .null, value != "" {
            commit = try Self.commit(try text("scm_commit"))
        }
        guard let enabled = members["enabled"]?.bool else { throw Self.wrong("enabled is true or false") }
        self.init(
            versionControl: control, scmRepo: try text("scm_repo"), scmBranch: try text("scm_branch"),
            scmCommit: commit, repo: try text("repo"), branch: try text("branch"), enabled: enabled)
    }

    /// The item as patch-tracking writes it.
    public var json: JSONValue {
        [
            "version_control": .string(versionControl), "scm_repo": .string(scmRepo),
            "scm_branch": .string(scmBranch), "scm_commit": scmCommit.map { .string($0) } ?? .null,
            "repo": .string(repo), "branch": .string(branch), "enabled": .bool(enabled),
        ]
    }

    private static let longest = 500

    private static func commit(_ text: String) throws(SluiceError) -> String {
        let lowered = text.lowercased()
        guard lowered.utf8.count == 40, lowered.utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }) else {
            throw wrong("scm_commit is a whole commit id of 40 digits")
        }
        return lowered
    }

    static func wrong(_ what: String) -> SluiceError {
        SluiceError("patch-tracking.item-invalid", .stalled, "the item is not understood: \(what)")
    }
}
