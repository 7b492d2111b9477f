/// A code host: where candidates come from and where verdicts go.
public enum ForgeSpec: Hashable, Sendable {
    /// A folder of bare repositories on this machine.
    case local(LocalForgeSpec)
}

/// A folder of bare git repositories, for use without a code host.
public struct LocalForgeSpec: Hashable, Sendable {
    /// The absolute path of the folder; project `land` is the repository `land.git` in it.
    public let path: String

    /// Makes the spec of a folder.
    public init(path: String) { self.path = path }
}

extension ForgeSpec {
    /// What can be told to be: the type first, the rest under the key of that name.
    private enum ForgeType: String, CaseIterable, Sendable {
        case local
    }

    private struct Written: Sendable {
        let type: ForgeType
        let local: LocalForgeSpec?
    }

    static let schema: Schema<ForgeSpec> = Schema<Written>.object(
        .required("type", \.type, .choice, "What kind of code host it is: local."),
        .optional("local", \.local, LocalForgeSpec.schema, "A folder of bare repositories, for type local."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            if let local = written.local { return .local(local) }
            findings.report(
                .missingKey, at: node.location, "the key \"local\" is missing", hint: "type local needs local.path")
            return nil
        },
        from: { forge in
            switch forge {
            case .local(let local): Written(type: .local, local: local)
            }
        })
}

extension LocalForgeSpec {
    static let schema = Schema<LocalForgeSpec>.object(
        .required("path", \.path, .absolutePath, "The absolute path of the folder of bare repositories."),
        make: LocalForgeSpec.init)
}
