import DesiredState
import Diagnostics
import Forges
import Foundation
import Logging

/// Makes forges of what is desired of them.
struct ForgeFactory: Sendable {
    let outside: Outside
    let logger: Logger

    /// - Throws: `outbound.url-invalid`.
    func make(_ spec: ForgeSpec, named name: String) throws -> any Forge {
        switch spec.host {
        case .local(let local): LocalForge(name: name, folder: local.path, logger: logger, now: { Date() })
        case .gerrit(let spec):
            GerritForge(try outside.access(name, spec.url, user: spec.user, spec.password), label: spec.label)
        case .gitLab(let spec):
            GitLabForge(
                try outside.access(name, spec.url, spec.token), statusContext: spec.statusContext, label: spec.label)
        case .gitHub(let spec):
            try GitHubForge(try outside.access(name, spec.url, spec.token), statusContext: spec.statusContext)
        case .gitee(let spec): GiteeForge(try outside.access(name, spec.url, spec.token), label: spec.label)
        }
    }
}

/// The forges that are desired, each made once, so that what it has asked about itself is not asked again.
actor KnownForges {
    private let factory: ForgeFactory
    private var known: [String: (spec: ForgeSpec, forge: any Forge)] = [:]

    init(_ factory: ForgeFactory) { self.factory = factory }

    /// The forge of a spec. One that has changed is made anew.
    func forge(_ spec: ForgeSpec, named name: String) throws -> any Forge {
        if let there = known[name], there.spec == spec { return there.forge }
        let made = try factory.make(spec, named: name)
        known[name] = (spec, made)
        return made
    }
}
