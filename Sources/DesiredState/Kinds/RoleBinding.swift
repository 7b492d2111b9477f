import Diagnostics

/// That some people may do what a role may, everywhere or with some resources only.
///
/// Bindings are the only way in which people get rights: a token says who somebody is, and may narrow what they may do.
public struct RoleBindingSpec: Hashable, Sendable {
    /// What they may do.
    public let role: Role
    /// Who they are.
    public let subjects: [RoleSubject]
    /// With what; nothing named means with everything, the controller itself included.
    public let resources: [ResourceSelector]

    /// Makes the spec of a binding.
    public init(role: Role, subjects: [RoleSubject], resources: [ResourceSelector] = []) {
        self.role = role
        self.subjects = subjects
        self.resources = resources
    }
}

/// What somebody may do. `docs/reference/kinds/role-binding.md` has the verbs of each.
public enum Role: String, Hashable, Sendable, CaseIterable {
    /// Looks.
    case viewer
    /// Looks, has things looked at again, submits releases, and releases those that name them.
    case `operator`
    /// Looks, and gives their word for releases.
    case approver
    /// Everything.
    case admin
}

/// A user or a group.
public enum RoleSubject: Hashable, Sendable {
    /// One person or program, by the name that was proved.
    case user(String)
    /// All who were proved to be in a group.
    case group(String)
}

/// Which resources are meant. What is left out does not restrict.
public struct ResourceSelector: Hashable, Sendable {
    /// The kinds, those of candidates and templates among them; empty for all.
    public let kinds: [String]
    /// How names look, the name of a registry standing for everything of it; empty for all.
    public let names: [String]
    /// Those with this label ``ResourceMetadata/tenantLabel``, and what belongs to them; nil for any or none.
    public let tenant: String?

    /// Makes a selector.
    public init(kinds: [String] = [], names: [String] = [], tenant: String? = nil) {
        self.kinds = kinds
        self.names = names
        self.tenant = tenant
    }
}

extension ResourceMetadata {
    /// The label that says which team a resource belongs to.
    public static let tenantLabel = "sluice.dev/tenant"

    /// The team that the resource belongs to; nil when it belongs to nobody in particular.
    public var tenant: String? { labels[Self.tenantLabel] }
}

extension RoleBindingSpec {
    static let schema = Schema<RoleBindingSpec>.object(
        .required("role", \.role, .choice, "What they may do: viewer, operator, approver or admin."),
        .required("subjects", \.subjects, .list(of: RoleSubject.schema, minimum: 1), "Who: users and groups."),
        .defaulted(
            "resources", \.resources, .list(of: ResourceSelector.schema), to: [],
            "With what; left out, with everything, the controller itself included."),
        make: RoleBindingSpec.init)
}

extension RoleSubject {
    private struct Written: Sendable {
        let user: String?
        let group: String?
    }

    static let schema: Schema<RoleSubject> = Schema<Written>.object(
        .optional("user", \.user, .person, "A person or program, by the name that is proved."),
        .optional("group", \.group, .person, "All who are proved to be in a group."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            switch (written.user, written.group) {
            case (let user?, nil): return .user(user)
            case (nil, let group?): return .group(group)
            case (nil, nil), (_?, _?):
                findings.report(
                    .invalidValue, at: node.location, "expected one of the keys \"user\" and \"group\"",
                    hint: "a list names several subjects")
                return nil
            }
        },
        from: { subject in
            switch subject {
            case .user(let name): Written(user: name, group: nil)
            case .group(let name): Written(user: nil, group: name)
            }
        })
}

extension ResourceSelector {
    /// The kinds that bindings may name: those of desired state, and what belongs to registries.
    static let knownKinds = ResourceKind.allCases.map(\.rawValue) + ["BaseTemplate", "Candidate", "Configuration"]

    static let schema = Schema<ResourceSelector>.object(
        .listed("kinds", \.kinds, of: kind, "The kinds; left out, all of them."),
        .listed(
            "names", \.names, of: namePattern,
            "How names look, with * and ?; the name of a registry stands for everything of it."),
        .optional("tenant", \.tenant, .label, "Only those with this label \(ResourceMetadata.tenantLabel)."),
        make: ResourceSelector.init
    ).checked { selector, node, findings in
        guard selector == ResourceSelector() else { return }
        findings.report(
            .invalidValue, at: node.location, "the selector names nothing",
            hint: "leave spec.resources out if everything is meant")
    }

    static let kind = Schema<String>(
        description: ["enum": .array(knownKinds.map { .string($0) })],
        read: { node, findings in
            guard let word = Schema<String>.text.read(node, &findings) else { return nil }
            if knownKinds.contains(word) { return word }
            let hint = Suggestion.nearest(to: word, in: knownKinds).map { "did you mean \"\($0)\"?" }
            findings.report(
                .invalidValue, at: node.location, "\(word.quotedForMessage) is no kind that can be named here",
                hint: hint ?? "there are: \(knownKinds.joined(separator: ", "))")
            return nil
        }, write: { .string($0) })

    static let namePattern = Schema<String>.text(
        expected: "a name, with * and ? for what may stand there"
    ) { $0.wholeMatch(of: /[A-Za-z0-9_.\/+=#@~*?-]{1,200}/) != nil }
}
