import Diagnostics

extension UpstreamSpec {
    /// The keys one by one, each with its type: the compiler takes minutes over all of them in one expression.
    private enum Key {
        typealias Of<Value: Sendable> = Field<UpstreamSpec, Value>

        static let source: Of<UpstreamSource> = .required(
            "source", \.source, UpstreamSource.schema, "The upstream branch that is followed.")
        static let package: Of<TrackedPackage> = .required(
            "package", \.package, TrackedPackage.schema, "The branch of a package's repository that follows it.")
        static let interval: Of<Duration> = .defaulted(
            "interval", \.interval, .duration(from: .seconds(10), to: .seconds(30 * 86_400)), to: .seconds(3600),
            "How often upstream is looked at.")
        static let series: Of<SeriesStyle> = .defaulted(
            "series", \.series, .choice, to: .automatic,
            "How commits become patches: automatic, first-parent, commits or squash.")
        static let patches: Of<PatchPlacement> = .defaulted(
            "patches", \.patches, PatchPlacement.schema, to: PatchPlacement(),
            "Where the patches go, and what makes the package apply them.")
        static let ignore: Of<IgnoreRules> = .defaulted(
            "ignore", \.ignore, IgnoreRules.schema, to: IgnoreRules(), "Which commits become no patches.")
        static let rewritten: Of<RewriteResponse> = .defaulted(
            "rewritten", \.rewritten, .choice, to: .equivalent,
            "What is done when upstream's branch was moved by force: stop, equivalent or follow.")
        static let maximumPatches: Of<Int?> = .optional(
            "maxPatches", \.maximumPatches, .integer(1...1000),
            "How many patches one merge request has at most; what is beyond them comes with the next. Left out, 1000.")
        static let cooldown: Of<Duration> = .defaulted(
            "cooldown", \.cooldown, .duration(from: .zero, to: .seconds(365 * 86_400)), to: .zero,
            "How long after one merge request has ended the next one may be opened.")
        static let labels: Of<[String]> = .defaulted(
            "labels", \.labels, .list(of: .line), to: [], "The labels of the issue and the merge request.")
        static let reviewers: Of<[String]> = .defaulted(
            "reviewers", \.reviewers, .list(of: .person), to: [], "Whom the merge request asks to look at it.")
        static let suspend: Of<Suspension?> = .defaulted(
            "suspend", \.suspension, Suspension.schema, to: nil,
            "Whether the controller leaves the upstream alone; or why, and until when.")
        static let removal: Of<UpstreamRemoval> = .defaulted(
            "removal", \.removal, .choice, to: .close,
            "What becomes of branch, issue and merge request when the upstream is taken out: close or leave.")
    }

    static let schema = Schema<UpstreamSpec>.object(
        Key.source, Key.package, Key.interval, Key.series, Key.patches, Key.ignore, Key.rewritten,
        Key.maximumPatches, Key.cooldown, Key.labels, Key.reviewers, Key.suspend, Key.removal,
        make: {
            source, package, interval, series, patches, ignore, rewritten, maximumPatches, cooldown, labels, reviewers,
            suspension, removal in
            UpstreamSpec(
                source: source, package: package, interval: interval, series: series, patches: patches,
                ignore: ignore, rewritten: rewritten, maximumPatches: maximumPatches, cooldown: cooldown,
                labels: labels, reviewers: reviewers, suspension: suspension, removal: removal)
        }
    ).checked { spec, node, findings in
        findings.reportRepetitions(in: spec.labels, at: node, "labels", "the label")
        guard spec.package.branch.begins(with: "patch-tracking/") else { return }
        findings.report(
            .invalidValue, at: node.deepest("package", "branch").location, path: "spec.package.branch",
            "branches below patch-tracking/ are those that Sluice makes itself", hint: "name the package's own branch")
    }
}

extension UpstreamSource {
    private struct Written: Sendable {
        let url: String?
        let forge: String?
        let project: String?
        let branch: String
        let start: String?
    }

    static let schema: Schema<UpstreamSource> = Schema<Written>.object(
        .optional("url", \.url, .gitAddress, "Where git fetches from."),
        .optional("forge", \.forge, .label, "Instead of url: the name of the Forge that hosts the project."),
        .optional("project", \.project, .project, "With forge: the project on it."),
        .required("branch", \.branch, .branch, "The branch."),
        .optional(
            "start", \.start, .objectID,
            "The commit up to which the package has everything at the first look; left out, where the branch stands then."
        ),
        make: Written.init
    ).map(
        into: { written, node, findings in
            let place: Place
            switch (written.url, written.forge, written.project) {
            case (let url?, nil, nil): place = .url(url)
            case (nil, let forge?, let project?): place = .project(forge: forge, project: project)
            default:
                findings.report(
                    .invalidValue, at: node.location, "expected either \"url\", or \"forge\" and \"project\"",
                    hint: "for example url: https://git.example.org/tool.git")
                return nil
            }
            return UpstreamSource(place: place, branch: written.branch, start: written.start)
        },
        from: { source in
            switch source.place {
            case .url(let url):
                Written(url: url, forge: nil, project: nil, branch: source.branch, start: source.start)
            case .project(let forge, let project):
                Written(url: nil, forge: forge, project: project, branch: source.branch, start: source.start)
            }
        })
}

extension TrackedPackage {
    static let schema = Schema<TrackedPackage>.object(
        .required("forge", \.forge, .label, "The name of the Forge that hosts the package's repository."),
        .required("project", \.project, .project, "The project on the forge."),
        .required("branch", \.branch, .branch, "The branch that the merge request goes into."),
        .optional(
            "sources", \.sources, .sourceFolder,
            "The folder with upstream's files, . for the whole repository; left out when the package holds patches only."
        ),
        make: TrackedPackage.init)
}

extension PatchPlacement {
    static let schema = Schema<PatchPlacement>.object(
        .optional(
            "folder", \.folder, .repositoryPath,
            "The folder of the patches; left out, that of quilt's series, or else the top."),
        .defaulted(
            "naming", \.naming, .choice, to: .numbered,
            "What their files are called: numbered (place, commit, subject) or commit."),
        .defaulted("edit", \.edit, Edit.schema, to: .none, "What makes the package apply them."),
        make: PatchPlacement.init
    ).checked { placement, node, findings in
        guard !placement.prefix.begins(with: placement.seriesPrefix) else { return }
        findings.report(
            .invalidValue, at: node.deepest("folder").location, path: "spec.patches.folder",
            "quilt finds no patches outside the folder of its series, \(placement.seriesPrefix)",
            hint: "leave the folder out, or name one at or below that of the series")
    }
}

extension PatchPlacement.Edit {
    private struct RPM: Sendable {
        let spec: String
        let firstNumber: Int

        static let schema = Schema<RPM>.object(
            .required("spec", \.spec, .repositoryPath, "The spec file."),
            .defaulted("firstNumber", \.firstNumber, .integer(0...99_999), to: 6000, "The least number of a patch."),
            make: RPM.init)
    }

    private struct Quilt: Sendable {
        let series: String

        static let schema = Schema<Quilt>.object(
            .defaulted(
                "series", \.series, .repositoryPath, to: "debian/patches/series", "The file that lists the patches."),
            make: Quilt.init)
    }

    private struct Written: Sendable {
        let rpm: RPM?
        let quilt: Quilt?
    }

    static let schema: Schema<PatchPlacement.Edit> = Schema<Written>.object(
        .optional("rpm", \.rpm, RPM.schema, "An RPM spec file: Patch lines, Release and %changelog."),
        .optional("quilt", \.quilt, Quilt.schema, "A series of quilt."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            switch (written.rpm, written.quilt) {
            case (nil, nil): return PatchPlacement.Edit.none
            case (let rpm?, nil): return .rpm(spec: rpm.spec, firstNumber: rpm.firstNumber)
            case (nil, let quilt?): return .quilt(series: quilt.series)
            case (_?, _?):
                findings.report(.invalidValue, at: node.location, "expected one of the keys \"rpm\" and \"quilt\"")
                return nil
            }
        },
        from: { edit in
            switch edit {
            case .none: Written(rpm: nil, quilt: nil)
            case .rpm(let spec, let number): Written(rpm: RPM(spec: spec, firstNumber: number), quilt: nil)
            case .quilt(let series): Written(rpm: nil, quilt: Quilt(series: series))
            }
        })
}

extension IgnoreRules {
    static let schema = Schema<IgnoreRules>.object(
        .defaulted(
            "paths", \.paths, .list(of: .repositoryPath), to: [],
            "Commits that change nothing but what is at or below these paths."),
        .defaulted(
            "authors", \.authors, .list(of: .line), to: [],
            "Commits by these people: a name or an address, * for any characters."),
        .defaulted(
            "subjects", \.subjects, .list(of: .line), to: [],
            "Commits whose first line looks so, * for any characters."),
        make: IgnoreRules.init)
}

extension Schema where Value == String {
    /// Where git fetches from. One that holds a password is not repeated.
    fileprivate static let gitAddress = text(
        expected:
            "an address such as https://host/path or ssh://git@host/path; a directory is named by a Forge of type local",
        pattern: "^(https?|ssh)://[^\\s?#\\\\]+$"
    ) {
        $0.wholeMatch(of: /(https?|ssh|git):\/\/[^\s?#\\]+/.matchingSemantics(.unicodeScalar)) != nil
            && $0.utf8.count <= 1024
    }
    .checked { address, node, findings in
        guard !address.begins(with: "git://") else {
            findings.report(
                .invalidValue, at: node.location,
                "git:// is not fetched from: nothing proves who answers there, and anyone on the way can change it",
                hint: "hosts that speak it serve the same repository at an address with https://")
            return
        }
        let hasPassword =
            address.wholeMatch(of: /(https?:\/\/[^\/]*|ssh:\/\/[^\/@]*:[^\/]*)@.*/.matchingSemantics(.unicodeScalar))
            != nil
        guard hasPassword else { return }
        findings.report(
            .invalidValue, at: node.location, "the address holds credentials",
            hint: "take them out, or name the repository by a Forge, which has its token by reference")
    }

    /// A folder of a repository, or all of it.
    fileprivate static let sourceFolder = text(expected: "a folder inside the repository, or . for all of it") {
        $0 == "."
            || ($0.wholeMatch(of: /[^\\\x00-\x1f]{1,1024}/.matchingSemantics(.unicodeScalar)) != nil
                && $0.parts(at: "/").allSatisfy {
                    !$0.isEmpty && $0 != "." && $0 != ".."
                })
    }
}
