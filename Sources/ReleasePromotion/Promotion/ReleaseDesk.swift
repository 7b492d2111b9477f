public import DesiredState
public import Diagnostics
public import Foundation
public import GitClient

/// What a person can ask of a release. All ways of asking (REST, command line, a page) go through ``ReleaseDesk``.
public enum ReleaseCommand: Hashable, Sendable {
    /// Give one's word for a tree, the one that was looked at.
    case approve(tree: ObjectID)
    /// Have it go on to a stage, a batch, or all the way.
    case promote(to: ReleaseTarget)
    /// Have it taken back from everywhere.
    case rollback
    /// Have it tried again as it is.
    case resume
    /// Give it up.
    case cancel
    /// As the second person, say that it cannot wait for its window, and why.
    case declareEmergency(reason: String)
    /// Accept what a branch would get, by the tree that the rehearsal shows.
    case accept(branch: String, tree: ObjectID)
}

/// The one authorised way in which people change where a release should be. Pure: what is desired in, what is desired next
/// out, or a refusal. Nothing is merged here; the reconciler holds every step to the same rules again.
public enum ReleaseDesk {
    /// Takes a new release in.
    /// - Parameter actor: Who submits it, and so is the applicant. What the spec says of people's words is left out.
    /// - Throws: `release.not-a-draft`, `release.lead-too-short`.
    public static func submit(
        _ spec: ReleaseSpec, by actor: String, _ rules: ControlRepositorySpec, at now: Date
    ) throws(SluiceError) -> ReleaseSpec {
        guard spec.target == .draft else {
            throw SluiceError(
                "release.not-a-draft", .stalled, "a new release is a draft, not \(spec.target)",
                hint: "submit it, have it approved, then promote it")
        }
        let lead = rules.windows.minimumLead
        if let window = spec.window, lead > .zero, window.opens < now + lead / .seconds(1) {
            throw SluiceError(
                "release.lead-too-short", .stalled,
                "its window opens in less than \(ConfigurationDuration.format(lead))",
                hint: "spec.windows.minimumLead of the ControlRepository says how long before")
        }
        // Nobody brings the word of others along, or asks in another's name.
        return spec.changing { wish in
            wish = .init(applicant: actor, approvals: [], accepted: [], target: .draft)
        }
    }

    /// Does what somebody asks.
    /// - Parameters:
    ///   - actor: Who asks, as they were authenticated.
    ///   - status: How the release stands, as the controller said last.
    /// - Returns: What is desired next. Whoever asks again for the same raises ``DesiredState/ReleaseSpec/attempt``.
    /// - Throws: The errors of ``ReleaseObstacle``; `release.not-an-approver`, `release.tree-changed`, `release.cancelled`,
    ///   `release.target-unknown`, `release.not-acceptable`.
    public static func decide(
        _ command: ReleaseCommand, by actor: String, on spec: ReleaseSpec, _ rules: ControlRepositorySpec,
        status: ReleaseStatus?, at now: Date
    ) throws(SluiceError) -> ReleaseSpec {
        // What was merged while somebody cancelled can still be taken back.
        let isLeft = [.rollback, .resume].contains(command) && status?.hasMerges ?? false
        if spec.target == .cancelled, !isLeft {
            throw SluiceError("release.cancelled", .stalled, "the release is cancelled", hint: "begin a new one")
        }
        switch command {
        case .approve(let tree): return try approve(tree, by: actor, spec, rules, status)
        case .promote(let target): return try promote(to: target, by: actor, spec, rules, status, now)
        case .rollback:
            try requireOperator(actor, spec)
            guard status?.hasMerges ?? false else { throw ReleaseObstacle.nothingToRollBack.error }
            return spec.changing { $0.ask(.rolledBack, by: actor) }
        case .resume:
            try requireOperator(actor, spec)
            return spec.changing { $0.attempt += 1 }
        case .cancel:
            guard actor.isSamePerson(as: spec.applicant) || ReleaseRules.mayOperate(actor, spec) else {
                throw ReleaseObstacle.notAnOperator(actor).error
            }
            let merged = status?.mergedBranches ?? []
            guard merged.isEmpty else { throw ReleaseObstacle.stillMerged(merged).error }
            return spec.changing { $0.ask(.cancelled, by: actor) }
        case .declareEmergency(let reason): return try declareEmergency(reason, by: actor, spec, rules)
        case .accept(let branch, let tree): return try accept(tree, on: branch, by: actor, spec, rules, status)
        }
    }

    private static func requireOperator(_ actor: String, _ spec: ReleaseSpec) throws(SluiceError) {
        guard ReleaseRules.mayOperate(actor, spec) else { throw ReleaseObstacle.notAnOperator(actor).error }
    }

    private static func requireApprover(
        _ actor: String, _ spec: ReleaseSpec, _ rules: ControlRepositorySpec
    ) throws(SluiceError) {
        guard ReleaseRules.mayApprove(actor, spec, rules.approvals) else {
            throw SluiceError(
                "release.not-an-approver", .stalled, "\(actor) may not approve this release",
                hint: actor.isSamePerson(as: spec.applicant)
                    ? "nobody approves their own release" : "spec.approvals of the ControlRepository says who may")
        }
    }

    private static func approve(
        _ tree: ObjectID, by actor: String, _ spec: ReleaseSpec, _ rules: ControlRepositorySpec,
        _ status: ReleaseStatus?
    ) throws(SluiceError) -> ReleaseSpec {
        try requireApprover(actor, spec, rules)
        guard let shown = status?.tree, shown == tree.hex else {
            throw SluiceError(
                "release.tree-changed", .conflict, "the source no longer has the tree \(tree.abbreviated)",
                hint: "look at what it has now, and approve that")
        }
        if status?.changesNothing ?? false { throw ReleaseObstacle.nothingToRelease.error }
        return spec.changing { spec in
            spec.approvals.removeAll { $0.by.isSamePerson(as: actor) }
            spec.approvals.append(ReleaseApproval(by: actor, tree: tree.hex))
        }
    }

    private static func promote(
        to target: ReleaseTarget, by actor: String, _ spec: ReleaseSpec, _ rules: ControlRepositorySpec,
        _ status: ReleaseStatus?, _ now: Date
    ) throws(SluiceError) -> ReleaseSpec {
        try requireOperator(actor, spec)
        guard let wanted = spec.steps(to: target, rules), wanted > 0 else {
            throw SluiceError(
                "release.target-unknown", .stalled, "a release is not promoted to \(target)",
                hint:
                    "there are: \(rules.stages.joined(separator: ", ")), batch/1 to batch/\(spec.batches.count), complete"
            )
        }
        if spec.target == .rolledBack { throw ReleaseObstacle.wasRolledBack.error }
        if let beyond = status?.steps.dropFirst(wanted).first(where: \.hasMerges) {
            throw ReleaseObstacle.beyondTarget(ReleaseStep(named: beyond.name)).error
        }
        if status?.changesNothing ?? false { throw ReleaseObstacle.nothingToRelease.error }
        let required = ReleaseRules.approvalsRequired(for: wanted, rules)
        if let tree = status?.tree.flatMap({ ObjectID(exactly: $0) }) {
            let given = ReleaseRules.approvers(of: tree, spec, rules.approvals).count
            if given < required {
                throw ReleaseObstacle.notApproved(given: given, required: required, tree: tree).error
            }
        }
        // A window that is over holds the release up, but not the asking: only then can a second person say that it cannot wait.
        return spec.changing { $0.ask(target, by: actor) }
    }

    private static func declareEmergency(
        _ reason: String, by actor: String, _ spec: ReleaseSpec, _ rules: ControlRepositorySpec
    ) throws(SluiceError) -> ReleaseSpec {
        guard ReleaseRules.mayConfirm(actor, spec, rules.approvals) else {
            throw ReleaseObstacle.notAnOperator(actor).error
        }
        guard let asked = spec.requestedBy, !actor.isSamePerson(as: asked) else {
            throw SluiceError(
                "release.second-person-missing", .stalled, "an emergency needs two people",
                hint: "one operator promotes the release, another person declares the emergency")
        }
        return spec.changing { $0.emergency = ReleaseEmergency(confirmedBy: actor, reason: reason) }
    }

    private static func accept(
        _ tree: ObjectID, on branch: String, by actor: String, _ spec: ReleaseSpec, _ rules: ControlRepositorySpec,
        _ status: ReleaseStatus?
    ) throws(SluiceError) -> ReleaseSpec {
        try requireApprover(actor, spec, rules)
        let target = status?.steps.flatMap(\.targets).first { $0.branch == branch }
        guard let target, target.tree == tree.hex else {
            throw SluiceError(
                "release.tree-changed", .conflict, "\(branch) would no longer get the tree \(tree.abbreviated)",
                hint: "look at the rehearsal, and accept what it shows now")
        }
        guard target.isAltered ?? false || target.verdict?.isAcceptable ?? false else {
            throw SluiceError(
                "release.not-acceptable", .stalled,
                "\(branch) \(target.verdict?.sentence ?? "was not rehearsed"): that cannot be accepted",
                hint: target.verdict?.cure)
        }
        return spec.changing { spec in
            spec.accepted.removeAll { $0.branch == branch }
            spec.accepted.append(AcceptedResult(branch: branch, tree: tree.hex, by: actor))
        }
    }
}

extension ReleaseStep {
    /// Reads a step as a status names it.
    init(named name: String) {
        self = if case .batch(let number)? = ReleaseTarget(name) { .batch(number) } else { .stage(name) }
    }
}

extension ReleaseStatus.Step {
    /// Whether some branch of the step has the release.
    var hasMerges: Bool { targets.contains { [.merged, .present, .conflict].contains($0.result) } }
}

extension ReleaseStatus {
    /// Whether some branch has the release.
    var hasMerges: Bool { !mergedBranches.isEmpty }

    /// Whether nothing is merged, and the first stage would get nothing.
    var changesNothing: Bool {
        guard !hasMerges, let first = steps.first?.targets.first else { return false }
        return first.verdict?.isEmpty(hasChanges: first.changes != nil) ?? false
    }

    /// The branches that have the release.
    var mergedBranches: [String] {
        (steps.flatMap(\.targets) + strays).filter { [.merged, .present, .conflict].contains($0.result) }.map(\.branch)
    }
}

extension ReleaseSpec {
    /// How many steps of the walk a target asks for; nil when it asks for something else, or for what there is not.
    public func steps(to target: ReleaseTarget, _ rules: ControlRepositorySpec) -> Int? {
        switch target {
        case .draft: 0
        case .stage(let branch): rules.stages.firstIndex(of: branch).map { $0 + 1 }
        case .batch(let number): number <= batches.count ? rules.stages.count + number : nil
        case .complete: rules.stages.count + batches.count
        case .rolledBack, .cancelled: nil
        }
    }

    /// What people change of a release.
    struct Wish {
        var applicant: String?
        var approvals: [ReleaseApproval]
        var accepted: [AcceptedResult]
        var target: ReleaseTarget
        var requestedBy: String?
        var attempt = 0
        var emergency: ReleaseEmergency?

        /// Asks for a target. An emergency was declared for what was asked before, and does not hold for it.
        mutating func ask(_ target: ReleaseTarget, by actor: String) {
            self.target = target
            requestedBy = actor
            attempt += 1
            emergency = nil
        }
    }

    /// The release with what people have changed.
    func changing(_ change: (inout Wish) -> Void) -> ReleaseSpec {
        var wish = Wish(
            applicant: applicant, approvals: approvals, accepted: accepted, target: target, requestedBy: requestedBy,
            attempt: attempt, emergency: emergency)
        change(&wish)
        return ReleaseSpec(
            repository: repository, source: source, title: title, description: description, applicant: wish.applicant,
            batches: batches, window: window, operators: operators, approvals: wish.approvals, accepted: wish.accepted,
            target: wish.target, requestedBy: wish.requestedBy,
            attempt: min(wish.attempt, Self.mostAttempts), emergency: wish.emergency)
    }
}
