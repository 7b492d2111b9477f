import Diagnostics
public import GitClient
public import Puppetfile

/// The mirrors of modules' repositories.
public protocol ModuleMirrors: Sendable {
    /// The mirror of a module's repository, brought up to date; nil when nobody has said where that is.
    /// - Parameter name: The name that the module is installed under.
    func mirror(ofModule name: String) async throws -> GitMirror?
}

/// Looks pins up in the modules' own repositories.
public struct PinLookup: Sendable {
    private let mirrors: any ModuleMirrors

    /// Makes a lookup.
    public init(_ mirrors: any ModuleMirrors) { self.mirrors = mirrors }

    /// What is known of the pins of all git modules; other kinds have no repository to ask.
    ///
    /// - Throws: `CancellationError` only: a repository that cannot be asked is a fact like others.
    public func look(at puppetfile: Puppetfile) async throws -> [PinnedModule] {
        var pinned: [PinnedModule] = []
        for module in puppetfile.modules where module.source.kind == .git {
            try Task.checkCancellation()
            pinned.append(PinnedModule(module, await fact(of: module)))
        }
        return pinned
    }

    private func fact(of module: PuppetModule) async -> PinFact {
        do {
            guard let mirror = try await mirrors.mirror(ofModule: module.name) else { return .unconfigured }
            return try await mirror.fact(of: module.pin)
        } catch {
            return .unreachable
        }
    }
}

extension GitMirror {
    /// Whether the repository has what a pin names.
    func fact(of pin: ModulePin) throws -> PinFact {
        switch pin {
        case .commit(let hex): try fact(ofCommit: hex)
        case .tag(let name): try has("refs/tags/\(name)")
        case .branch(let name), .defaultBranch(let name), .controlBranch(let name?): try has("refs/heads/\(name)")
        case .reference(let name):
            // Part of a commit looks like a name.
            try ["refs/heads/\(name)", "refs/tags/\(name)"].contains { try has($0) == .present }
                ? .present : Self.looksLikeCommit(name) ? .unanswerable : .missing
        case .controlBranch(nil), .version, .revision, .digest, .committed, .latest, .unspecified: .unanswerable
        }
    }

    private func has(_ reference: String) throws -> PinFact {
        // A name that git cannot have names nothing.
        guard let name = try? RefName(reference) else { return .missing }
        return try resolve(name) == nil ? .missing : .present
    }

    private func fact(ofCommit hex: String) throws -> PinFact {
        guard let id = ObjectID(exactly: hex), try contains(id), (try? commit(id)) != nil else { return .missing }
        return try isKept(id) ? .present : .abandoned
    }

    private static func looksLikeCommit(_ name: String) -> Bool {
        name.utf8.count >= 4
            && name.utf8.allSatisfy {
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
            }
    }
}

extension ModulePin {
    /// What the pin names, for a sentence.
    var noun: String {
        switch self {
        case .commit(let commit): "commit \(commit)"
        case .reference(let name): "branch or tag \(name)"
        default: description
        }
    }
}
