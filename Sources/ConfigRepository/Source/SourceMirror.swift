import Diagnostics
import Forges
import GitClient

/// The mirror of a config repository on this machine, fetched into only when the remote's references have moved.
actor SourceMirror {
    let path: String
    let transport: GitTransport
    private var mirror: GitMirror?

    init(path: String, transport: GitTransport) {
        self.path = path
        self.transport = transport
    }

    /// The mirror, with the source's references as they are now. One advertisement of references tells whether there is
    /// anything to fetch.
    func refreshed(from source: ForgeSource) async throws -> GitMirror {
        let mirror = try await opened()
        let transport = transport.authenticated(as: source.credential)
        let remote = try await transport.lsRemote(source.remote)
        let wanted = Self.wanted(remote.targets, source.refspecs)
        let there = try await mirror.references(under: "refs/").targets.filter {
            $0.key.suffix(after: "refs/sluice/") == nil
        }
        if there != wanted {
            try await transport.fetch(into: path, from: source.remote, refspecs: source.refspecs)
        }
        return mirror
    }

    /// The mirror as it was last fetched.
    func opened() async throws -> GitMirror {
        if let mirror { return mirror }
        let opened = try await GitMirror.create(path)
        mirror = opened
        return opened
    }

    /// What the mirror's references are when a fetch by these refspecs has brought everything. Pure.
    static func wanted(_ remote: [RefName: ObjectID], _ refspecs: [RefSpec]) -> [RefName: ObjectID] {
        var wanted: [RefName: ObjectID] = [:]
        for (reference, id) in remote {
            for refspec in refspecs {
                guard refspec.source.ends(with: "/*") else {
                    if reference.rawValue == refspec.source, let name = try? RefName(refspec.destination) {
                        wanted[name] = id
                    }
                    continue
                }
                guard let rest = reference.suffix(after: String(refspec.source.dropLast())),
                    let name = try? RefName("\(refspec.destination.dropLast())\(rest)")
                else { continue }
                wanted[name] = id
            }
        }
        return wanted
    }
}
