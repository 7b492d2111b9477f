import Diagnostics

/// The rules that no document can be held to alone: names are unique, what is referred to exists, no two registries share
/// names of databases or judge the same candidates, and no two control repositories are one project.
struct CrossReferences {
    private let written: [WrittenResource]
    private let taken: JudgedBranch?

    /// - Parameters:
    ///   - beside: What is in force beside the documents, and stays.
    ///   - taken: The branch whose candidates are judged as desired state.
    init(_ written: [WrittenResource], beside: [WrittenResource] = [], taken: JudgedBranch? = nil) {
        self.taken = taken
        let keys = Set(written.compactMap(\.key))
        self.written = written + beside.filter { $0.key.map { !keys.contains($0) } ?? false }
    }

    /// Reports what breaks the rules.
    func check(_ findings: inout Findings) {
        checkNames(&findings)
        for resource in written {
            switch resource.resource?.spec {
            case .registry(let spec):
                checkReference(to: .forge, spec.forge, "spec", "forge", in: resource, &findings)
                checkReference(to: .databaseServer, spec.server, "spec", "server", in: resource, &findings)
                for server in spec.candidateServers {
                    checkReference(
                        to: .databaseServer, server, "spec", "candidates", "servers", in: resource, &findings)
                }
            case .controlRepository(let spec):
                checkReference(to: .forge, spec.forge, "spec", "forge", in: resource, &findings)
                for (name, module) in spec.modules.sorted(by: { $0.key < $1.key }) {
                    checkReference(to: .forge, module.forge, "spec", "modules", name, "forge", in: resource, &findings)
                }
            case .release(let spec):
                checkReference(to: .controlRepository, spec.repository, "spec", "repository", in: resource, &findings)
                checkRelease(spec, in: resource, &findings)
            case .upstream(let spec):
                checkReference(to: .forge, spec.package.forge, "spec", "package", "forge", in: resource, &findings)
                checkPackageHost(spec, in: resource, &findings)
                guard case .project(let forge, _) = spec.source.place else { continue }
                checkReference(to: .forge, forge, "spec", "source", "forge", in: resource, &findings)
            case .forge, .databaseServer, .roleBinding, .notificationChannel, nil: continue
            }
        }
        checkDependencies(&findings)
        checkDatabases(&findings)
        checkVerdicts(&findings)
        checkControlRepositories(&findings)
    }

    /// A change of Gerrit's is one fixed merge: it cannot follow a branch that is updated in place.
    private func checkPackageHost(_ spec: UpstreamSpec, in resource: WrittenResource, _ findings: inout Findings) {
        guard case .gerrit? = forge(named: spec.package.forge)?.host else { return }
        findings.report(
            .invalidValue, at: resource.node.deepest("spec", "package", "forge").location, path: "spec.package.forge",
            "a package cannot be on Gerrit, whose changes cannot be brought up to date in place",
            hint: "upstream's own repository can be on Gerrit; packages are followed on gitlab, github, gitee and local"
        )
    }

    /// Two that look after one project would withdraw each other's merge requests, and know each other's releases for
    /// nobody's.
    private func checkControlRepositories(_ findings: inout Findings) {
        var known: [HostedProject: String] = [:]
        for resource in written {
            guard let name = resource.resource?.name, let spec = resource.resource?.spec.controlRepository,
                let forge = forge(named: spec.forge)
            else { continue }
            let place = HostedProject(forge, project: spec.project)
            guard let other = known[place] else {
                known[place] = name
                continue
            }
            findings.report(
                .sharedProject, at: resource.node.deepest("spec", "project").location, path: "spec.project",
                "ControlRepository \(other.quotedForMessage) is the project \(spec.project) already",
                hint: "one looks after all branches of a project; take one of them out")
        }
    }

    /// A candidate has room for one verdict, so that one registry judges it, or desired state does.
    private func checkVerdicts(_ findings: inout Findings) {
        var judges: [JudgedBranch: String] = [:]
        for resource in written {
            guard let name = resource.resource?.name, case .registry(let spec)? = resource.resource?.spec,
                let forge = forge(named: spec.forge)
            else { continue }
            let place = JudgedBranch(forge, project: spec.project, branch: spec.branch)
            let judge =
                place == taken ? "desired state itself" : judges[place].map { "Registry \($0.quotedForMessage)" }
            judges[place] = judges[place] ?? name
            guard let judge else { continue }
            findings.report(
                .sharedVerdict, at: resource.node.deepest("spec", "project").location, path: "spec.project",
                "the candidates of \(spec.project) for \(spec.branch.quotedForMessage) are judged by \(judge) already, "
                    + "and each has room for one verdict",
                hint: "give each its own project or branch; one registry deploys several changelogs")
        }
    }

    private func forge(named name: String) -> ForgeSpec? {
        let key = ResourceKey(kind: ResourceKind.forge.rawValue, name: name)
        guard case .forge(let forge)? = written.first(where: { $0.key == key })?.resource?.spec else { return nil }
        return forge
    }

    /// What a resource waits for must be there, and no two may wait for each other.
    private func checkDependencies(_ findings: inout Findings) {
        let keys = Set(written.compactMap(\.key))
        for resource in written {
            for key in resource.resource?.metadata.dependsOn ?? [] where !keys.contains(key) {
                let nearest = Suggestion.nearest(to: key.description, in: keys.map(\.description).sorted())
                findings.report(
                    .unknownReference, at: location(of: key, in: resource), path: "metadata.dependsOn",
                    "there is no \(key.kind) \(key.name.quotedForMessage)",
                    hint: nearest.map { "did you mean \($0)?" })
            }
        }
        let resources = written.compactMap(\.resource)
        let graph = DependencyGraph(
            Dictionary(resources.map { ($0.key, $0.dependencies) }) { first, _ in first })
        let cycle = graph.cycle
        guard let first = cycle.first, let place = written.first(where: { $0.resource?.key == first }) else { return }
        findings.report(
            .dependencyCycle, at: location(of: cycle.dropFirst().first ?? first, in: place), path: "metadata.dependsOn",
            "resources wait for each other: \((cycle + [first]).map(\.description).joined(separator: " → "))",
            hint: "take one of them off")
    }

    /// Where a resource says that it waits for another one.
    private func location(of key: ResourceKey, in resource: WrittenResource) -> SourceLocation {
        let list = resource.node.deepest("metadata", "dependsOn")
        guard case .list(let elements) = list.content else { return list.location }
        let element = elements.first { element in
            switch element.content {
            case .plain(let text), .text(let text): text == key.description
            case .list, .mapping: false
            }
        }
        return (element ?? list).location
    }

    private func checkNames(_ findings: inout Findings) {
        var first: [ResourceKey: SourceLocation] = [:]
        for resource in written {
            guard let key = resource.key else { continue }
            let location = resource.node.deepest("metadata", "name").location
            if let other = first[key] {
                findings.report(
                    .duplicateResource, at: location, path: "metadata.name",
                    "there is a \(key.kind) \(key.name.quotedForMessage) already", hint: "it stands at \(other)")
            } else {
                first[key] = location
            }
        }
    }

    private func checkReference(
        to kind: ResourceKind, _ name: String, _ path: String..., in resource: WrittenResource,
        _ findings: inout Findings
    ) {
        let names = written.compactMap(\.key).filter { $0.kind == kind.rawValue }.map(\.name).sorted()
        guard !names.contains(name) else { return }
        let location = path.reduce(resource.node) { $0.deepest($1) }.location
        let hint =
            if names.isEmpty {
                "there is no \(kind.rawValue) at all"
            } else if let nearest = Suggestion.nearest(to: name, in: names) {
                "did you mean \"\(nearest)\"?"
            } else {
                "there are: \(names.prefix(10).joined(separator: ", "))"
            }
        findings.report(
            .unknownReference, at: location, path: path.joined(separator: "."),
            "there is no \(kind.rawValue) \(name.quotedForMessage)", hint: hint)
    }

    /// Databases are told apart by their names alone when somebody looks at a server, and dropped by prefix when a
    /// registry goes: names that could belong to two registries are refused.
    private func checkDatabases(_ findings: inout Findings) {
        let registries = written.compactMap { written -> (WrittenResource, String, RegistrySpec)? in
            guard let resource = written.resource, case .registry(let spec) = resource.spec else { return nil }
            return (written, resource.name, spec)
        }
        for (index, (resource, name, spec)) in registries.enumerated() {
            let neighbours = registries.enumerated().filter {
                !serverIdentities($0.element.2).isDisjoint(with: serverIdentities(spec))
            }
            for (otherIndex, (_, other, otherSpec)) in neighbours {
                if otherIndex < index, spec.databasePrefix.overlaps(otherSpec.databasePrefix) {
                    findings.report(
                        .overlappingDatabases, at: resource.node.deepest("spec", "databasePrefix").location,
                        path: "spec.databasePrefix",
                        "the prefix \(spec.databasePrefix.quotedForMessage) overlaps with "
                            + "\(otherSpec.databasePrefix.quotedForMessage) of Registry \(other.quotedForMessage) "
                            + "on the same server",
                        hint: "give each registry a databasePrefix such as \"\(name)-dev-\"")
                }
                if spec.referenceDatabase.begins(with: otherSpec.databasePrefix) {
                    findings.report(
                        .overlappingDatabases, at: resource.node.deepest("spec", "referenceDatabase").location,
                        path: "spec.referenceDatabase",
                        "the reference database \(spec.referenceDatabase.quotedForMessage) is named like a candidate "
                            + "database of Registry \(other.quotedForMessage)")
                }
            }
        }
    }

    /// What a control repository should be; nil when there is none of the name.
    func controlRepository(named name: String) -> ControlRepositorySpec? {
        let key = ResourceKey(kind: ResourceKind.controlRepository.rawValue, name: name)
        return written.first { $0.key == key }?.resource?.spec.controlRepository
    }

    /// What stands for the servers themselves: two resources with one connection are one server.
    private func serverIdentities(_ registry: RegistrySpec) -> Set<String> {
        Set(([registry.server] + registry.candidateServers).map(serverIdentity))
    }

    private func serverIdentity(_ name: String) -> String {
        let key = ResourceKey(kind: ResourceKind.databaseServer.rawValue, name: name)
        guard case .databaseServer(let server)? = written.first(where: { $0.key == key })?.resource?.spec,
            case .connection(let reference) = server.source
        else { return key.description }
        return reference.description
    }
}

extension String {
    /// Whether some name begins with both.
    fileprivate func overlaps(_ other: String) -> Bool { begins(with: other) || other.begins(with: self) }
}
