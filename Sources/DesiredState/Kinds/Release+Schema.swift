import Diagnostics
import Foundation

extension ReleaseSpec {
    /// The keys one by one, each with its type: the compiler takes minutes over all of them in one expression.
    private enum Key {
        typealias Of<Value: Sendable> = Field<ReleaseSpec, Value>

        static let repository: Of<String> = .required(
            "repository", \.repository, .label, "The name of the ControlRepository.")
        static let source: Of<String> = .required("source", \.source, .branch, "The branch with the changes.")
        static let title: Of<String> = .required("title", \.title, .line, "One line that says what the release is.")
        static let description: Of<String?> = .optional(
            "description", \.description, .text, "What is changed and why.")
        static let applicant: Of<String?> = .optional(
            "applicant", \.applicant, .person, "Who asks for the release; nobody may approve their own.")
        static let batches: Of<[ReleaseBatch]> = .defaulted(
            "batches", \.batches, .list(of: ReleaseBatch.schema), to: [],
            "The zones, in the order in which they get the release.")
        static let window: Of<ReleaseWindow?> = .optional(
            "window", \.window, ReleaseWindow.schema, "When merging is allowed; left out, at any time.")
        static let operators: Of<[String]> = .required(
            "operators", \.operators, .list(of: .person, minimum: 1), "Who may release and roll back.")
        static let approvals: Of<[ReleaseApproval]> = .defaulted(
            "approvals", \.approvals, .list(of: ReleaseApproval.schema), to: [], "Who approved, and which tree.")
        static let accepted: Of<[AcceptedResult]> = .defaulted(
            "accepted", \.accepted, .list(of: AcceptedResult.schema), to: [],
            "Results on single branches that are accepted though they are not the release alone.")
        static let target: Of<ReleaseTarget> = .defaulted(
            "target", \.target, ReleaseTarget.schema, to: .draft,
            "Where the release should be: draft, a stage, batch/1, complete, rolledBack or cancelled.")
        static let requestedBy: Of<String?> = .optional(
            "requestedBy", \.requestedBy, .person, "Who asked for the target: one of the operators.")
        static let attempt: Of<Int> = .defaulted(
            "attempt", \.attempt, .integer(0...mostAttempts), to: 0,
            "How often somebody asked: raise it to have tried again what the code host refused.")
        static let emergency: Of<ReleaseEmergency?> = .optional(
            "emergency", \.emergency, ReleaseEmergency.schema, "Why the window does not count, and who else says so.")
    }

    static let schema = Schema<ReleaseSpec>.object(
        Key.repository, Key.source, Key.title, Key.description, Key.applicant, Key.batches, Key.window, Key.operators,
        Key.approvals, Key.accepted, Key.target, Key.requestedBy, Key.attempt, Key.emergency,
        make: {
            repository, source, title, description, applicant, batches, window, operators, approvals, accepted, target,
            requestedBy, attempt, emergency in
            ReleaseSpec(
                repository: repository, source: source, title: title, description: description, applicant: applicant,
                batches: batches, window: window, operators: operators, approvals: approvals, accepted: accepted,
                target: target, requestedBy: requestedBy, attempt: attempt, emergency: emergency)
        }
    ).checked { spec, node, findings in
        spec.checkZones(node, &findings)
        spec.checkPeople(node, &findings)
        if case .batch(let number) = spec.target, number > spec.batches.count {
            findings.within(.key("target")) {
                $0.report(
                    .invalidValue, at: node.deepest("target").location,
                    "there is no batch \(number): the release has \(spec.batches.count)")
            }
        }
    }

    /// A zone is in at most one batch.
    private func checkZones(_ node: SourceNode, _ findings: inout Findings) {
        var first: [String: Int] = [:]
        for (index, batch) in batches.enumerated() {
            for (position, zone) in batch.zones.enumerated() {
                guard let other = first.updateValue(index, forKey: zone) else { continue }
                findings.report(
                    .invalidValue,
                    at: node.deepest("batches").element(index).deepest("zones").element(position).location,
                    path: "spec.batches[\(index)].zones[\(position)]",
                    "\(zone.quotedForMessage) is in batch \(other + 1) already", hint: "a zone is in one batch at most")
            }
        }
    }

    /// What needs a second person gets one.
    private func checkPeople(_ node: SourceNode, _ findings: inout Findings) {
        for (index, approval) in approvals.enumerated() where approval.by.isSamePerson(as: applicant) {
            findings.report(
                .invalidValue, at: node.deepest("approvals").element(index).location,
                path: "spec.approvals[\(index)].by",
                "\(approval.by.quotedForMessage) is the applicant", hint: "nobody approves their own release")
        }
        guard let emergency else { return }
        if emergency.confirmedBy.isSamePerson(as: requestedBy) || requestedBy == nil {
            findings.report(
                .invalidValue, at: node.deepest("emergency", "confirmedBy").location,
                path: "spec.emergency.confirmedBy",
                "an emergency needs two people: requestedBy and, beside them, confirmedBy")
        }
    }
}

extension ReleaseBatch {
    static let schema = Schema<ReleaseBatch>.object(
        .required("zones", \.zones, .list(of: .branch, minimum: 1), "The zones' branches."),
        make: ReleaseBatch.init)
}

extension ReleaseApproval {
    static let schema = Schema<ReleaseApproval>.object(
        .required("by", \.by, .person, "Who approved."),
        .required("tree", \.tree, .objectID, "The tree of the source's commit, as sluice release show prints it."),
        make: ReleaseApproval.init)
}

extension AcceptedResult {
    static let schema = Schema<AcceptedResult>.object(
        .required("branch", \.branch, .branch, "The branch."),
        .required("tree", \.tree, .objectID, "The result, as sluice release rehearse prints it."),
        .required("by", \.by, .person, "Who accepted it."),
        make: AcceptedResult.init)
}

extension ReleaseEmergency {
    static let schema = Schema<ReleaseEmergency>.object(
        .required("confirmedBy", \.confirmedBy, .person, "The second person."),
        .required("reason", \.reason, .line, "Why it cannot wait for the window."),
        make: ReleaseEmergency.init)
}

extension String {
    /// Whether two names are one person's: names of users are compared without regard to case.
    public func isSamePerson(as other: String?) -> Bool { other.map { lowercased() == $0.lowercased() } ?? false }
}

extension Schema where Value == String {
    /// The name of a user.
    static let person = text(
        expected: "the name of a user: one line of at most 128 characters, none of which turns the direction"
    ) {
        $0.utf8.count <= 512 && $0.count <= 128 && $0.isOneLine
    }

    /// A text of one line.
    static let line = text(expected: "one line of at most 250 characters, none of which turns the direction") {
        $0.count <= 250 && $0.isOneLine
    }

    /// The name of an object of git.
    static let objectID = text(
        expected: "40 hexadecimal digits in lower case", pattern: "^[0-9a-f]{40}$"
    ) { $0.wholeMatch(of: /[0-9a-f]{40}/) != nil }

    /// How the names of branches look.
    static let branchPattern = text(expected: "the name of a branch, with * and ? for what may stand there") {
        $0.wholeMatch(of: /[A-Za-z0-9_.\/+=#@*?-]{1,200}/) != nil
    }

    /// A time zone by its IANA name.
    static let timeZone = text(expected: "a time zone such as Europe/Berlin or UTC") {
        $0.wholeMatch(of: /[A-Za-z][A-Za-z0-9_+\/-]{0,63}/) != nil && TimeZone(identifier: $0) != nil
    }
}

extension String {
    fileprivate var isOneLine: Bool { !unicodeScalars.contains(where: \.changesDisplay) }
}

extension SourceNode {
    /// The element of a list; the node itself when it has none there.
    func element(_ index: Int) -> SourceNode {
        guard case .list(let elements) = content, elements.indices.contains(index) else { return self }
        return elements[index]
    }
}
