import DesiredState
import Diagnostics
import Forges
import GitClient
import UpstreamTracking

/// Where trackings are learned of, and the commits of upstreams and packages on this machine. Upstreams with the same URL share
/// a mirror, and its fetches.
struct Upstreams: UpstreamDirectory {
    let keeper: DesiredStateKeeper
    let forges: KnownForges
    /// The repositories of projects on forges.
    let projects: ControlRepositories

    func tracking(named name: String) async throws -> Tracking? {
        let state = try await keeper.state()
        guard let spec = state.upstreams[name] else { return nil }
        return try await tracking(named: name, as: spec)
    }

    func tracking(named name: String, as spec: UpstreamSpec) async throws -> Tracking? {
        Tracking(
            name: name, spec: spec, forge: try await forge(named: spec.package.forge, of: name),
            commitPage: spec.source.commitPage(among: try await keeper.state().forges))
    }

    func upstream(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        let source = tracking.spec.source
        switch source.place {
        case .url(let url):
            let remote = try GitRemote(url)
            let all = try await keeper.state().upstreams
            let remotes = all.compactMapValues(\.source.remote)
            await projects.keepMirrors(of: Set(remotes.values).union([remote]))
            let sharing = all.filter { remotes[$0.key] == remote }
            let names = Set(sharing.keys).union([tracking.name])
            return try await projects.mirror(
                of: remote, branches: Set(sharing.values.map(\.source.branch)).union([source.branch]).sorted(),
                age: age,
                keeping: Set(names.flatMap { ["refs/upstreams/\($0)/cursor", "refs/upstreams/\($0)/covered"] }))
        case .project(let forge, let project):
            return try await projects.mirror(
                of: try ProjectRef(project), on: try await self.forge(named: forge, of: tracking.name), named: forge,
                bringing: [try RefSpec("refs/heads/*", to: "refs/heads/*")], age: age)
        }
    }

    func package(of tracking: Tracking, age: Duration) async throws -> GitMirror {
        try await projects.mirror(
            of: try ProjectRef(tracking.spec.package.project), on: tracking.forge, named: tracking.spec.package.forge,
            bringing: [try RefSpec("refs/heads/*", to: "refs/heads/*")], age: age)
    }

    func push(_ updates: [ReferenceUpdate], from mirror: GitMirror, to tracking: Tracking) async throws {
        try await projects.push(
            updates, from: mirror, to: try ProjectRef(tracking.spec.package.project), on: tracking.forge,
            named: tracking.spec.package.forge)
    }

    private func forge(named forge: String, of name: String) async throws -> any Forge {
        guard let spec = try await keeper.state().forges[forge] else {
            throw SluiceError(
                "upstream.incomplete", .stalled, "the forge \(forge) of \(name) is not desired any more",
                hint: "sluice validate shows what is missing")
        }
        return try await forges.forge(spec, named: forge)
    }
}

extension UpstreamSource {
    /// The repository that a URL names.
    fileprivate var remote: GitRemote? {
        guard case .url(let url) = place else { return nil }
        return try? GitRemote(url)
    }

    /// Where code hosts show a commit: all known ones but Gerrit agree on it. Nil for what is not fetched by HTTP.
    func commitPage(among forges: [String: ForgeSpec]) -> String? {
        switch place {
        case .url(let url): return Self.page(of: url, ".git").map { "\($0)/commit/" }
        case .project(let forge, let project):
            switch forges[forge]?.host {
            case .gitLab(let spec): return Self.page(of: spec.url).map { "\($0)/\(project)/-/commit/" }
            case .gitHub(let spec): return Self.page(of: spec.url).map { "\($0)/\(project)/commit/" }
            case .gitee(let spec): return Self.page(of: spec.url).map { "\($0)/\(project)/commit/" }
            // The viewer that comes with Gerrit; its pages of projects with a slash in their names take it as it is.
            case .gerrit(let spec): return Self.page(of: spec.url).map { "\($0)/plugins/gitiles/\(project)/+/" }
            case .local, nil: return nil
            }
        }
    }

    private static func page(of url: String, _ suffix: String = "") -> String? {
        guard url.begins(with: "https://") || url.begins(with: "http://") else { return nil }
        var page = url
        while page.ends(with: "/") { page.removeLast() }
        if page.ends(with: suffix) { page.removeLast(suffix.count) }
        return page
    }
}
