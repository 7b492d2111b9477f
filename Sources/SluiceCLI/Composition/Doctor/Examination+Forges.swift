import ControlAPI
import DesiredState
import Diagnostics
import Doctor
import Forges
import Foundation
import GitClient
import OutboundHTTP
import StateStore
import Webhooks

extension Examination {
    /// How many projects of a forge are looked at: each is a few requests.
    private static let mostProjects = 50

    /// A project that something desired works on.
    struct WorkedProject: Sendable {
        let subject: String
        let path: String
        let needs: [ProjectRight]
        /// The branch whose candidates get verdicts; nil where none are given.
        var judged: String?
    }

    func forgeFindings(_ state: StateInForce, by deadline: ContinuousClock.Instant) async -> [Finding] {
        var forges = state.forges
        if let name = configuration.desiredState?.ownForge, forges[name] == nil {
            forges[name] = configuration.desiredState?.forge(named: name)
        }
        return await withTaskGroup(of: (String, [Finding]).self) { group in
            for (name, spec) in forges {
                group.addTask {
                    (name, await self.findings(of: name, spec, Self.projects(on: name, state), by: deadline))
                }
            }
            var found: [String: [Finding]] = [:]
            for await (name, findings) in group { found[name] = findings }
            return found.sorted { $0.key < $1.key }.flatMap(\.value)
        }
    }

    private func findings(
        of name: String, _ spec: ForgeSpec, _ projects: [WorkedProject], by deadline: ContinuousClock.Instant
    ) async -> [Finding] {
        let hooks = await webhook(of: name, spec, by: deadline).map { [$0.finding(name)] } ?? []
        let seen = await observation(of: name, spec, projects, by: deadline)
        let left = (try? seen.account.get()) == nil ? 0 : projects.count - seen.projects.count
        let others: [Finding] =
            left > 0
            ? [.notChecked("forge.rights", of: "Forge/\(name)", "\(left) more projects were not looked at")] : []
        return seen.findings(name) + others + hooks
    }

    private func observation(
        of name: String, _ spec: ForgeSpec, _ projects: [WorkedProject], by deadline: ContinuousClock.Instant
    ) async -> ForgeObservation {
        // Made anew: what it was told of itself before today's token does not count.
        let made = Result { try forges.make(spec, named: name) }.mapError { SluiceError(wrapping: $0) }
        let account = await observed(by: deadline) { try await made.get().account().name }
        guard case .success = account, case .success(let forge) = made else {
            return ForgeObservation(account: account)
        }
        var seen: [ForgeObservation.Project] = []
        let origin = spec.host.origin
        var token: Result<ForgeTokenObservation?, SluiceError>?
        if origin != nil {
            let needs = projects.reduce(into: Set<ProjectRight>()) { $0.formUnion($1.needs) }
            token = await observed(by: deadline) { try await forge.token() }
                .map { $0.map { ForgeTokenObservation($0, needs: needs, asked: Date()) } }
        }
        for var project in projects.prefix(Self.mostProjects) where ContinuousClock.now < deadline {
            // A folder has no rules that could be read.
            if origin == nil { project.judged = nil }
            seen.append(await self.project(project, on: forge, by: deadline))
        }
        let clock = await forges.outside.client.reports().first { $0.origin == origin }?.clock
        return ForgeObservation(
            account: account, token: token, clock: clock, hasClock: origin != nil, projects: seen)
    }

    private func project(
        _ project: WorkedProject, on forge: any Forge, by deadline: ContinuousClock.Instant
    ) async -> ForgeObservation.Project {
        let rights = await observed(by: deadline) { try await forge.rights(in: try ProjectRef(project.path)) }
        var hazards: Result<[String], SluiceError>?
        if let branch = project.judged, case .success = rights {
            hazards = await observed(by: deadline) {
                try await forge.verdictHazards(project: try ProjectRef(project.path), branch: try .branch(branch))
            }
        }
        return ForgeObservation.Project(
            subject: project.subject, path: project.path, needs: project.needs.map(\.rawValue),
            rights: rights.map { rights in
                Dictionary(rights.granted.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
            }, level: try? rights.get().level, hazards: hazards)
    }

    private func webhook(
        of name: String, _ spec: ForgeSpec, by deadline: ContinuousClock.Instant
    ) async -> WebhookObservation? {
        guard spec.host.origin != nil else { return nil }
        let seen = await observed(by: deadline) {
            (
                try? await self.webhooks.source(named: name),
                try await self.store.deliveries.list(DeliveryFilter(source: name), page: PageRequest(limit: 1))
                    .elements.first
            )
        }
        guard case .success(let (source, last)) = seen else {
            return WebhookObservation(isTaken: spec.webhook != nil, isKnown: false)
        }
        return WebhookObservation(
            isTaken: spec.webhook != nil, unreadable: source?.unreadable ?? [],
            lastSeen: last.map { .seconds(max(0, Date().timeIntervalSince($0.receivedAt))) })
    }

    /// What desired state has done on a forge.
    static func projects(on forge: String, _ state: StateInForce) -> [WorkedProject] {
        let registries = state.registries.filter { $0.value.forge == forge }.map { name, spec in
            WorkedProject(
                subject: "Registry/\(name)", path: spec.project, needs: [.read, .verdicts], judged: spec.branch)
        }
        let controlled = state.controlRepositories.filter { $0.value.forge == forge }.map { name, spec in
            WorkedProject(subject: "ControlRepository/\(name)", path: spec.project, needs: [.read, .write])
        }
        let packages = state.upstreams.filter { $0.value.package.forge == forge }.map { name, spec in
            WorkedProject(subject: "Upstream/\(name)", path: spec.package.project, needs: [.read, .write])
        }
        let sources = state.upstreams.compactMap { name, spec -> WorkedProject? in
            guard case .project(forge, let project) = spec.source.place else { return nil }
            return WorkedProject(subject: "Upstream/\(name)", path: project, needs: [.read])
        }
        return (registries + controlled + packages + sources).sorted { ($0.subject, $0.path) < ($1.subject, $1.path) }
    }
}

extension ForgeTokenObservation {
    /// What matters of a token to what is done on the forge.
    init(_ token: ForgeToken, needs: Set<ProjectRight>, asked: Date) {
        let end: End =
            switch token.end {
            case .never: .never
            case .at(let date): .at(date)
            case .untold: .untold
            }
        let lacking = ProjectRight.allCases.filter { needs.contains($0) && token.missing[$0] != nil }
        let missing = Dictionary(grouping: lacking) { token.missing[$0] ?? "" }.sorted { $0.key < $1.key }
        self.init(
            name: token.name, scopes: token.scopes, end: end, isActive: token.isActive,
            missing: missing.map { Missing($0.key, for: $0.value.map(\.rawValue)) }, place: token.place, asked: asked)
    }
}

extension ForgeSpec.Host {
    /// Scheme, host and port of the interface; nil for a folder of repositories.
    fileprivate var origin: String? {
        let address: String? =
            switch self {
            case .local: nil
            case .gerrit(let spec): spec.url
            case .gitLab(let spec): spec.url
            case .gitHub(let spec): spec.url == "https://github.com" ? "https://api.github.com" : spec.url
            case .gitee(let spec): spec.url
            }
        return address.flatMap { try? OutboundURL($0) }?.origin
    }
}

extension DesiredStateOrigin {
    /// The name of the forge that the operator brought along with the repository.
    fileprivate var ownForge: String? {
        guard case .repository(let place) = self else { return nil }
        return place.forge?.name
    }
}
