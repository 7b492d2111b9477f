import DesiredState
import Diagnostics
import Forges
import GitClient
import UpstreamTracking

/// Where trackings are learned of, and the commits of upstreams and packages on this machine. Each upstream that is named by
/// a URL has a mirror of its own, named like the resource.
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
            commitPage: spec.source.commitPage)
    }

    func upstream(of tracking: Tracking) async throws -> GitMirror {
        let source = tracking.spec.source
        switch source.place {
        case .url(let url):
            let branch = "refs/heads/\(source.branch)"
            return try await projects.mirror(
                of: ForgeSource(remote: try GitRemote(url), refspecs: [try RefSpec(branch, to: branch)]),
                at: "upstreams/\(tracking.name)")
        case .project(let forge, let project):
            return try await projects.mirror(
                of: try ProjectRef(project), on: try await self.forge(named: forge, of: tracking.name), named: forge,
                bringing: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
        }
    }

    func package(of tracking: Tracking) async throws -> GitMirror {
        try await projects.mirror(
            of: try ProjectRef(tracking.spec.package.project), on: tracking.forge, named: tracking.spec.package.forge,
            bringing: [try RefSpec("refs/heads/*", to: "refs/heads/*")])
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
    /// Where code hosts show a commit, for repositories that are fetched by HTTP: all known ones agree on it.
    var commitPage: String? {
        guard case .url(let url) = place, url.hasPrefix("https://") || url.hasPrefix("http://") else { return nil }
        var page = url
        while page.hasSuffix("/") { page.removeLast() }
        if page.hasSuffix(".git") { page.removeLast(4) }
        return "\(page)/commit/"
    }
}
