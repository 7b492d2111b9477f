public import DesiredState

/// Who may do what, as desired state says. Pure: the one place where that is decided, whoever asks it.
///
/// Nobody may do anything that is not allowed here: by a binding, by a release that names them, or by a role that the
/// operator of the controller gave (``Subject/standingRole``).
public struct AccessRules: Hashable, Sendable {
    private struct Binding: Hashable, Sendable {
        let name: String
        let spec: RoleBindingSpec
    }

    fileprivate struct ReleasePeople: Hashable, Sendable {
        let spec: ReleaseSpec
        let approvals: ApprovalRules
    }

    private let bindings: [Binding]
    private let tenants: [ResourceKey: String]
    private let releases: [String: ReleasePeople]
    /// Whether there are bindings that this version cannot read.
    public let hasUnreadableBindings: Bool
    /// The only registry there is; nil when there are several, or none.
    public let onlyRegistry: String?

    /// The rules of a desired state; of an empty one: nobody may do anything.
    /// - Parameter hasUnreadableBindings: Whether there are bindings that this version cannot read. They give no rights, and still
    ///   mean that somebody has said who may do what.
    public init(_ resources: [Resource<ResourceSpec>] = [], hasUnreadableBindings: Bool = false) {
        self.hasUnreadableBindings = hasUnreadableBindings
        bindings = resources.compactMap { resource in
            resource.spec.roleBinding.map { Binding(name: resource.name, spec: $0) }
        }.sorted { $0.name < $1.name }
        tenants = Dictionary(resources.compactMap { one in one.metadata.tenant.map { (one.key, $0) } }) { $1 }
        let registries = resources.filter { $0.spec.registry != nil }
        onlyRegistry = registries.count == 1 ? registries.first?.name : nil
        let repositories = Dictionary(
            resources.compactMap { one in one.spec.controlRepository.map { (one.name, $0) } }
        ) { $1 }
        releases = Dictionary(
            resources.compactMap { one in
                guard let release = one.spec.release else { return nil }
                return (
                    one.name,
                    ReleasePeople(
                        spec: release, approvals: repositories[release.repository]?.approvals ?? ApprovalRules())
                )
            }
        ) { $1 }
    }

    /// Whether there are no bindings.
    public var isEmpty: Bool { bindings.isEmpty && !hasUnreadableBindings }

    /// Whether somebody may do something with something.
    public func authorize(_ subject: Subject, _ verb: Verb, _ object: AccessObject) -> AccessDecision {
        if let reason = reason(subject, verb, object) { return .allowed(because: reason) }
        return verb != .read && reason(subject, .read, object) != nil ? .denied : .hidden
    }

    /// Whether somebody may do any of these with anything at all: whoever may not need not be listened to.
    public func couldEver(_ subject: Subject, _ verbs: [Verb]) -> Bool {
        let verbs = verbs.filter(subject.hasInScope)
        if let role = subject.standingRole, verbs.contains(where: role.verbs.contains) { return true }
        guard subject.proof != .none else { return false }
        return verbs.contains { verb in
            bindings.contains { $0.spec.role.verbs.contains(verb) && subject.isAmong($0.spec.subjects) }
                || releases.values.contains { $0.lets(subject.name, verb) }
        }
    }

    /// The team that a resource belongs to; nil for nobody in particular.
    public func tenant(of key: ResourceKey, within: ResourceKey? = nil) -> String? {
        tenants[key] ?? owner(of: key, within).flatMap { tenants[$0] }
    }

    private func reason(_ subject: Subject, _ verb: Verb, _ object: AccessObject) -> String? {
        let touched = object.touched(by: verb)
        guard touched.allSatisfy({ subject.hasInScope(verb, $0) }) else { return nil }
        if let role = subject.standingRole, role.verbs.contains(verb) { return "\(subject.name) is \(role.rawValue)" }
        guard subject.proof != .none else { return nil }
        if case .resource(let key, _) = object, key.kind == ResourceKind.release.rawValue,
            let people = releases[key.name]
        {
            if people.lets(subject.name, verb) { return "the release names \(subject.name)" }
            // Only the people of a release release it, whatever role somebody has elsewhere.
            if people.decides(verb) { return nil }
        }
        let found = touched.compactMap { binding(subject, verb, $0) }
        guard let first = found.first, found.count == touched.count else { return nil }
        return "RoleBinding \(first.name)"
    }

    private func binding(_ subject: Subject, _ verb: Verb, _ object: AccessObject) -> Binding? {
        bindings.first { binding in
            binding.spec.role.verbs.contains(verb) && subject.isAmong(binding.spec.subjects)
                && covers(binding.spec.resources, object)
        }
    }

    private func covers(_ selectors: [ResourceSelector], _ object: AccessObject) -> Bool {
        guard !selectors.isEmpty else { return true }
        guard case .resource(let key, let within) = object else { return false }
        return selectors.contains { selector in
            guard selector.kinds.isEmpty || selector.kinds.contains(key.kind) else { return false }
            if let tenant = selector.tenant, self.tenant(of: key, within: within) != tenant { return false }
            guard !selector.names.isEmpty else { return true }
            let names = [key.name] + (key.isOfRegistry ? key.components.prefix(1) : [])
            return selector.names.contains { pattern in names.contains { BranchPattern(pattern).matches($0) } }
        }
    }

    /// What a resource belongs to.
    private func owner(of key: ResourceKey, _ within: ResourceKey?) -> ResourceKey? {
        if let within { return within }
        if key.isOfRegistry { return key.components.first.map { Self.key(.registry, $0) } }
        guard key.kind == ResourceKind.release.rawValue, let release = releases[key.name]?.spec else { return nil }
        return Self.key(.controlRepository, release.repository)
    }

    private static func key(_ kind: ResourceKind, _ name: String) -> ResourceKey {
        ResourceKey(kind: kind.rawValue, name: name)
    }
}

extension AccessRules.ReleasePeople {
    /// Whether the release itself says who may do it.
    fileprivate func decides(_ verb: Verb) -> Bool {
        switch verb {
        case .operate, .withdraw: true
        // Nobody named means whoever has the role.
        case .approve: !approvals.approvers.isEmpty
        default: false
        }
    }

    fileprivate func lets(_ person: String, _ verb: Verb) -> Bool {
        let (isOperator, isApplicant) = (spec.isOperator(person), spec.isApplicant(person))
        let isApprover = approvals.isApprover(person) ?? false
        return switch verb {
        case .operate: isOperator
        case .approve: isApprover
        case .expedite: isOperator || isApprover
        case .withdraw: isOperator || isApplicant
        case .read, .reconcile: isOperator || isApprover || isApplicant
        default: false
        }
    }
}

extension AccessObject {
    /// Everything that something is done to. What is new acts on what it belongs to: a name that one may give is no right to that.
    fileprivate func touched(by verb: Verb) -> [AccessObject] {
        guard verb == .submit, case .resource(_, let within?) = self else { return [self] }
        return [self, .resource(within)]
    }
}

extension ResourceKey {
    /// Whether it belongs to the registry that its name begins with.
    fileprivate var isOfRegistry: Bool { ["Candidate", "BaseTemplate", "Cleanup"].contains(kind) }
}
