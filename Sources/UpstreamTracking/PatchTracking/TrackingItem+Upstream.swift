public import DesiredState
public import Diagnostics
import GitClient

extension TrackingItem {
    /// What people are told of on the resource: the fields as they were written.
    static let annotations = (scmRepo: "sluice.dev/patch-tracking-scm-repo", repo: "sluice.dev/patch-tracking-repo")

    /// The project of the package on its code host: without the address in front.
    public var project: String {
        let path = repo.addressPath ?? repo
        return path.rest(before: ".git").map(String.init) ?? path
    }

    /// Where upstream is, as git takes it.
    /// - Throws: `patch-tracking.item-invalid` for an address that git is not let fetch from.
    public var sourceURL: String {
        get throws(SluiceError) {
            for scheme in ["https://", "http://", "ssh://"] where scmRepo.lowercased().begins(with: scheme) {
                return scmRepo
            }
            if let at = scmRepo.unicodeScalars.firstIndex(of: "@"),
                let colon = scmRepo.unicodeScalars.firstIndex(of: ":"), at < colon,
                !scmRepo.holds("://")
            {
                return "ssh://\(scmRepo[..<colon])/\(scmRepo[scmRepo.index(after: colon)...])"
            }
            guard !scmRepo.lowercased().begins(with: "git://") else {
                throw Self.wrong(
                    "scm_repo is not fetched from by git://, where nothing proves who answers; "
                        + "write the repository's address with https://")
            }
            guard !scmRepo.holds("://"), versionControl == "github", scmRepo.words(at: "/").count == 2 else {
                throw Self.wrong("scm_repo is to be org/repo on GitHub, or a URL of https, http or ssh")
            }
            return "https://github.com/\(scmRepo)"
        }
    }

    /// A name for the resource: the package's, with the branch where that is not the usual one.
    /// - Parameter taken: Names that others have.
    public func name(apartFrom taken: Set<String> = []) -> String {
        let last = project.words(at: "/").last.map(String.init) ?? "package"
        let words = [last] + (["master", "main"].contains(branch) ? [] : [branch])
        let plain = words.map(\.label).filter { !$0.isEmpty }.joined(separator: "-")
        let short = String(plain.prefix(50)).label
        if !short.isEmpty, short == plain, !taken.contains(short) { return short }
        let digest = (try? ObjectID(ofBlob: Array("\(repo)\u{0}\(branch)".utf8)))?.hex.prefix(8) ?? "0"
        return short.isEmpty ? "package-\(digest)" : "\(short)-\(digest)"
    }

    /// The manifest that means the same.
    ///
    /// - Parameters:
    ///   - forge: The Forge that the package's repository is on.
    ///   - seconds: How often upstream is looked at; nil for the usual.
    ///   - editsSpec: Whether the spec file of the package's name is edited, as that tool does.
    /// - Throws: `patch-tracking.item-invalid`.
    public func manifest(
        named name: String, forge: String, every seconds: Int? = nil, editsSpec: Bool = true
    ) throws(SluiceError) -> JSONValue {
        guard !branch.begins(with: "patch-tracking/") else {
            throw Self.wrong("branches below patch-tracking/ are made by the tool itself")
        }
        var source: [String: JSONValue] = ["url": .string(try sourceURL), "branch": .string(scmBranch)]
        source["start"] = scmCommit.map { .string($0) }
        let package = project.words(at: "/").last.map(String.init) ?? project
        var spec: [String: JSONValue] = [
            "source": .object(source),
            "package": ["forge": .string(forge), "project": .string(project), "branch": .string(branch)],
        ]
        if editsSpec { spec["patches"] = ["edit": ["rpm": ["spec": .string("\(package).spec")]]] }
        spec["interval"] = seconds.map { .string("\(min(max($0, 10), 30 * 86_400))s") }
        if !enabled { spec["suspend"] = Self.disabled }
        return [
            "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(ResourceKind.upstream.rawValue),
            "metadata": [
                "name": .string(name), "annotations": .object(noted),
            ],
            "spec": .object(spec),
        ]
    }

    /// The manifest of a resource that is there, with what the item says and everything else as it is.
    ///
    /// - Parameter metadata: What there is besides its name.
    /// - Throws: `patch-tracking.item-invalid`.
    public func manifest(
        named name: String, changing known: UpstreamSpec, metadata: JSONValue?
    ) throws(SluiceError) -> JSONValue {
        var spec = ResourceSpec.upstream(known).json.object ?? [:]
        var source = spec["source"]?.object ?? [:]
        let annotations = metadata?["annotations"]
        if TrackingItem(known, annotations: annotations, cursor: nil).scmRepo != scmRepo {
            source = ["url": .string(try sourceURL), "start": source["start"] ?? .null]
        }
        source["branch"] = .string(scmBranch)
        if let scmCommit { source["start"] = .string(scmCommit) }
        spec["source"] = .object(source.filter { $0.value != .null })
        if enabled { spec["suspend"] = nil } else if known.suspension == nil { spec["suspend"] = Self.disabled }
        var own: [String: JSONValue] = ["name": .string(name)]
        for part in ["labels", "dependsOn"] { own[part] = metadata?[part] }
        own["annotations"] = .object((annotations?.object ?? [:]).merging(noted) { _, new in new })
        return [
            "apiVersion": .string(ResourceKind.apiVersion), "kind": .string(ResourceKind.upstream.rawValue),
            "metadata": .object(own), "spec": .object(spec),
        ]
    }

    /// What is noted on the resource, so that the item is read back as it was written.
    public var noted: [String: JSONValue] {
        [Self.annotations.scmRepo: .string(scmRepo), Self.annotations.repo: .string(repo)]
    }

    /// Why an upstream rests whose item is not enabled.
    public static let disabled: JSONValue = ["reason": "not enabled"]

    /// A resource as an item. A source that is a project of a forge is written `forge:project`, which is no address.
    ///
    /// - Parameters:
    ///   - annotations: What is noted on the resource.
    ///   - cursor: Up to where the package has everything, as status says.
    public init(_ spec: UpstreamSpec, annotations: JSONValue?, cursor: String?) {
        let url =
            switch spec.source.place {
            case .url(let url): url
            case .project(let forge, let project): "\(forge):\(project)"
            }
        let written = annotations?[Self.annotations.scmRepo]?.string
        let github = "https://github.com/"
        let isOnGitHub = url.begins(with: github)
        self.init(
            versionControl: isOnGitHub ? "github" : "git", scmRepo: url, scmBranch: spec.source.branch,
            scmCommit: cursor ?? spec.source.start, repo: spec.package.project, branch: spec.package.branch,
            enabled: spec.suspension == nil)
        // As it was written, as long as it means the same.
        if let written {
            var other = self
            other.scmRepo = written
            if (try? other.sourceURL) == url { scmRepo = written }
        }
        if let written = annotations?[Self.annotations.repo]?.string {
            var other = self
            other.repo = written
            if other.project == spec.package.project { repo = written }
        }
    }
}

extension String {
    /// The path of an address such as `https://gitee.com/org/repo`; nil when it is none.
    fileprivate var addressPath: String? {
        guard let scheme = exactRange(of: "://") else { return nil }
        let rest = self[scheme.upperBound...]
        guard let slash = rest.unicodeScalars.firstIndex(of: "/") else { return "" }
        var path = rest[rest.index(after: slash)...]
        while path.last == "/" { path.removeLast() }
        return String(path)
    }

    /// The text as a name of a resource can have it.
    fileprivate var label: String {
        let parts = lowercased().utf8.split { !(0x30...0x39 ~= $0 || 0x61...0x7A ~= $0) }
        return parts.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "-")
    }
}
