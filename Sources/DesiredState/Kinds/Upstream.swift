import Diagnostics
public import Foundation

/// An upstream branch that a package follows: what is new there becomes a patch series, one issue and one merge request.
///
/// Up to where the package has what upstream has, the cursor, is no part of what is desired: it moves when the request with
/// those patches is merged, or by an explicit command.
public struct UpstreamSpec: Hashable, Sendable {
    /// What is followed.
    public let source: UpstreamSource
    /// What follows it.
    public let package: TrackedPackage
    /// How often upstream is looked at.
    public let interval: Duration
    /// How commits become patches.
    public let series: SeriesStyle
    /// Where the patches go, and what else is edited.
    public let patches: PatchPlacement
    /// Which commits become no patches.
    public let ignore: IgnoreRules
    /// What is done when upstream's branch was moved by force.
    public let rewritten: RewriteResponse
    /// How many patches one request has at most; nil for all there are.
    public let maximumPatches: Int?
    /// How long after one request has ended the next one may be opened.
    public let cooldown: Duration
    /// The labels of the issue and the merge request.
    public let labels: [String]
    /// Whom the merge request asks to look at it.
    public let reviewers: [String]
    /// Why and until when the controller leaves upstream alone; nil when it does not.
    public let suspension: Suspension?
    /// What becomes of what is open when it is not desired any more.
    public let removal: UpstreamRemoval

    /// Makes the spec of an upstream.
    public init(
        source: UpstreamSource, package: TrackedPackage, interval: Duration = .seconds(3600),
        series: SeriesStyle = .automatic, patches: PatchPlacement = PatchPlacement(),
        ignore: IgnoreRules = IgnoreRules(), rewritten: RewriteResponse = .equivalent, maximumPatches: Int? = nil,
        cooldown: Duration = .zero, labels: [String] = [], reviewers: [String] = [], suspension: Suspension? = nil,
        removal: UpstreamRemoval = .close
    ) {
        self.source = source
        self.package = package
        self.interval = interval
        self.series = series
        self.patches = patches
        self.ignore = ignore
        self.rewritten = rewritten
        self.maximumPatches = maximumPatches
        self.cooldown = cooldown
        self.labels = labels
        self.reviewers = reviewers
        self.suspension = suspension
        self.removal = removal
    }

    /// The suspension that holds at a time; nil when there is none, or it has run out.
    public func suspension(at time: Date) -> Suspension? { suspension.flatMap { $0.holds(at: time) ? $0 : nil } }
}

extension UpstreamSpec {
    /// The forges that it needs, by name.
    var forges: [String] {
        if case .project(let forge, _) = source.place { [package.forge, forge] } else { [package.forge] }
    }
}

/// The branch of a repository that is followed.
public struct UpstreamSource: Hashable, Sendable {
    /// Where a repository is.
    public enum Place: Hashable, Sendable {
        /// At a URL that git fetches from.
        case url(String)
        /// A project on a forge that is part of the desired state.
        case project(forge: String, project: String)
    }

    /// The repository.
    public let place: Place
    /// The branch.
    public let branch: String
    /// The commit up to which the package has everything when it is first looked at; nil for where the branch stands then.
    public let start: String?

    /// Makes a source.
    public init(place: Place, branch: String, start: String? = nil) {
        self.place = place
        self.branch = branch
        self.start = start
    }
}

/// The branch of a package's repository that the patches are for.
public struct TrackedPackage: Hashable, Sendable {
    /// The ``ForgeSpec`` by name that hosts the repository.
    public let forge: String
    /// The project on the forge.
    public let project: String
    /// The branch.
    public let branch: String
    /// The folder with upstream's files, `.` for the whole repository; nil when the package holds patches only.
    public let sources: String?

    /// Makes a package.
    public init(forge: String, project: String, branch: String, sources: String? = nil) {
        self.forge = forge
        self.project = project
        self.branch = branch
        self.sources = sources
    }
}

/// How commits become patches.
public enum SeriesStyle: String, Hashable, Sendable, CaseIterable {
    /// As it fits the history.
    case automatic
    /// One patch for each step of the branch itself: a merge is one.
    case firstParent = "first-parent"
    /// One patch for each commit that is no merge, where these lead to what upstream has.
    case commits
    /// One patch for all.
    case squash
}

/// What becomes of branch, issue and merge request when an upstream is not desired any more.
public enum UpstreamRemoval: String, Hashable, Sendable, CaseIterable {
    /// They are closed and deleted, unless people have put commits on the branch.
    case close
    /// They stay.
    case leave
}

/// What the files of patches are called.
public enum PatchNaming: String, Hashable, Sendable, CaseIterable {
    /// By their place, their commit and their subject: `0001-1a2b3c4d5e-Fix-the-parser.patch`.
    case numbered
    /// By their commit alone.
    case commit
}

/// Where patches go in a package's repository, and what makes the package apply them.
public struct PatchPlacement: Hashable, Sendable {
    /// What makes a package apply its patches.
    public enum Edit: Hashable, Sendable {
        /// Nothing: the files alone are added.
        case none
        /// An RPM spec file: `Patch<N>:` from a number on, `Release:` and `%changelog`.
        case rpm(spec: String, firstNumber: Int)
        /// A series of quilt, such as `debian/patches/series`.
        case quilt(series: String)
    }

    /// The folder of the patches as it is written; nil for that of quilt's series, or else the top of the repository.
    public let folder: String?
    /// What their files are called.
    public let naming: PatchNaming
    /// What makes the package apply them.
    public let edit: Edit

    /// Makes a placement.
    public init(folder: String? = nil, naming: PatchNaming = .numbered, edit: Edit = .none) {
        self.folder = folder
        self.naming = naming
        self.edit = edit
    }

    /// What the paths of the patches begin with: their folder and a slash, or nothing at the top of the repository.
    public var prefix: String {
        switch (folder, edit) {
        case (let folder?, _): "\(folder)/"
        case (nil, .quilt): seriesPrefix
        case (nil, .none), (nil, .rpm): ""
        }
    }

    /// What the path of quilt's series begins with, from which on it names patches; empty without one.
    public var seriesPrefix: String {
        guard case .quilt(let series) = edit, let slash = series.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return ""
        }
        return String(series[...slash])
    }
}

/// Which commits become no patches.
public struct IgnoreRules: Hashable, Sendable {
    /// Those that change nothing but files at or below these paths.
    public let paths: [String]
    /// Those by these people: a name or an address, with `*` for any characters.
    public let authors: [String]
    /// Those whose subject looks so: with `*` for any characters.
    public let subjects: [String]

    /// Makes rules.
    public init(paths: [String] = [], authors: [String] = [], subjects: [String] = []) {
        self.paths = paths
        self.authors = authors
        self.subjects = subjects
    }
}

/// What is done when upstream's branch was moved by force.
public enum RewriteResponse: String, Hashable, Sendable, CaseIterable {
    /// It is said, and a person moves the cursor.
    case stop
    /// The newest common commit becomes the cursor when everything that is gone came back; else as `stop`.
    case equivalent
    /// The newest common commit becomes the cursor.
    case follow
}
