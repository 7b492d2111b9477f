import Diagnostics

extension ControlRepositorySpec {
    /// The keys one by one, each with its type: the compiler takes minutes over all of them in one expression.
    private enum Key {
        typealias Of<Value: Sendable> = Field<ControlRepositorySpec, Value>

        static let forge: Of<String> = .required(
            "forge", \.forge, .label, "The name of the Forge that hosts the project.")
        static let project: Of<String> = .required("project", \.project, .project, "The project on the forge.")
        static let stages: Of<[String]> = .required(
            "stages", \.stages, .list(of: .branch, minimum: 1),
            "The stage branches in order; zones are merged from the last.")
        static let zones: Of<ZoneSelection> = .defaulted(
            "zones", \.zones, ZoneSelection.schema, to: ZoneSelection(), "Which branches are zones.")
        static let checks: Of<ControlChecks> = .defaulted(
            "checks", \.checks, ControlChecks.schema, to: ControlChecks(),
            "What is checked of a source and of every result of a merge.")
        static let modules: Of<[String: ModuleRepository]> = .defaulted(
            "modules", \.modules, .map(to: ModuleRepository.schema), to: [:],
            "Where pinned modules are to be found, by their installed names.")
        static let mergeMethod: Of<MergeMethod> = .defaulted(
            "mergeMethod", \.mergeMethod, MergeMethod.schema, to: .merge,
            "How merge requests are merged: merge is the only way that can be taken back and promoted again.")
        static let parallelMerges: Of<Int> = .defaulted(
            "parallelMerges", \.parallelMerges, .integer(1...64), to: 4,
            "How many zones of a batch are merged at a time.")
        static let rollback: Of<RollbackStyle> = .defaulted(
            "rollback", \.rollback, .choice, to: .sharedRevert,
            "How a release is taken back: shared-revert or revert-and-sync.")
        static let windows: Of<WindowRules> = .defaulted(
            "windows", \.windows, WindowRules.schema, to: WindowRules(), "The rules for the windows of releases.")
        static let approvals: Of<ApprovalRules> = .defaulted(
            "approvals", \.approvals, ApprovalRules.schema, to: ApprovalRules(), "Whose approval a release needs.")
        static let drift: Of<DriftPolicy> = .defaulted(
            "drift", \.drift, DriftPolicy.schema, to: DriftPolicy(), "How branches are watched.")
        static let arrival: Of<[String: ArrivalProof]> = .defaulted(
            "arrival", \.arrival, .map(to: ArrivalProof.schema), to: [:],
            "What proves that a zone's merges are deployed: where r10k's record is to be read, by zone.")
        static let suspend: Of<Suspension?> = .defaulted(
            "suspend", \.suspension, Suspension.schema, to: nil,
            "Whether the controller leaves the repository alone; or why, and until when.")
    }

    static let schema = Schema<ControlRepositorySpec>.object(
        Key.forge, Key.project, Key.stages, Key.zones, Key.checks, Key.modules, Key.mergeMethod, Key.parallelMerges,
        Key.rollback, Key.windows, Key.approvals, Key.drift, Key.arrival, Key.suspend,
        make: {
            forge, project, stages, zones, checks, modules, method, parallel, rollback, windows, approvals, drift,
            arrival, suspend in
            ControlRepositorySpec(
                forge: forge, project: project, stages: stages, zones: zones, checks: checks, modules: modules,
                mergeMethod: method, parallelMerges: parallel, rollback: rollback, windows: windows,
                approvals: approvals, drift: drift, arrival: arrival, suspension: suspend)
        }
    ).checked { spec, node, findings in
        findings.reportRepetitions(in: spec.stages, at: node, "stages", "the stage")
        for (index, zone) in spec.zones.branches.enumerated() where spec.stages.contains(zone) {
            let list = node.deepest("zones", "branches")
            findings.report(
                .invalidValue, at: list.element(index).location, path: "spec.zones.branches[\(index)]",
                "\(zone.quotedForMessage) is a stage and can be no zone", hint: "leave it out here")
        }
        for zone in spec.arrival.keys.sorted() where !spec.isZone(zone) {
            findings.report(
                .unknownReference, at: node.deepest("arrival", zone).location, path: "spec.arrival.\(zone)",
                "\(zone.quotedForMessage) is no zone of this repository", hint: "see spec.zones")
        }
        let rules = spec.approvals
        if let from = rules.from, !spec.stages.contains(from) {
            findings.report(
                .unknownReference, at: node.deepest("approvals", "from").location, path: "spec.approvals.from",
                "\(from.quotedForMessage) is no stage of this repository", hint: "see spec.stages")
        }
        if !rules.approvers.isEmpty, Set(rules.approvers.map { $0.lowercased() }).count < rules.required {
            findings.report(
                .invalidValue, at: node.deepest("approvals", "approvers").location, path: "spec.approvals.approvers",
                "there are fewer approvers than the \(rules.required) that are required")
        }
    }
}

extension ZoneSelection {
    static let schema = Schema<ZoneSelection>.object(
        .defaulted("branches", \.branches, .list(of: .branch), to: [], "Zones by name."),
        .defaulted(
            "patterns", \.patterns, .list(of: .branchPattern), to: [],
            "Zones by how their names look: * stands for any characters but /, ? for one."),
        .defaulted(
            "exclude", \.exclude, .list(of: .branch), to: defaultExclude,
            "Branches that are no zones although a pattern fits."),
        make: ZoneSelection.init
    ).checked { zones, node, findings in
        findings.reportRepetitions(in: zones.branches, at: node, "branches", "the zone")
    }
}

extension MergeMethod {
    /// Only one way is allowed. The others are known, to say why.
    static let schema = Schema<MergeMethod>.choice.checked { method, node, findings in
        switch method {
        case .merge: break
        case .squash:
            findings.report(
                .invalidValue, at: node.location,
                "\"squash\" is not allowed: the target would never contain its source, and the next promotion conflicts",
                hint: "write merge, and have the forge make merge commits")
        case .fastForward:
            findings.report(
                .invalidValue, at: node.location,
                "\"fast-forward\" is not allowed: without a merge commit there is nothing to take back as a whole",
                hint: "write merge, and have the forge make merge commits")
        }
    }
}

extension WindowRules {
    static let schema = Schema<WindowRules>.object(
        .defaulted(
            "minimumLength", \.minimumLength, .duration(from: .zero, to: .seconds(86_400)), to: .seconds(3600),
            "How long a window must be at least."),
        .defaulted(
            "minimumLead", \.minimumLead, .duration(from: .zero, to: .seconds(30 * 86_400)), to: .zero,
            "How long before its window opens a release must be submitted."),
        .defaulted(
            "closing", \.closing, .choice, to: .finishBatch,
            "What becomes of a batch that runs when the window closes: finish-batch or stop."),
        make: WindowRules.init)
}

extension ApprovalRules {
    static let schema = Schema<ApprovalRules>.object(
        .defaulted("required", \.required, .integer(0...100), to: 1, "How many people must approve."),
        .defaulted(
            "approvers", \.approvers, .list(of: .person), to: [],
            "Who may approve; left out, whoever has the role, but the applicant."),
        .optional("from", \.from, .branch, "The first stage whose merge needs approval; left out, all need it."),
        make: ApprovalRules.init)
}

extension ModuleRepository {
    static let schema = Schema<ModuleRepository>.object(
        .required("forge", \.forge, .label, "The name of the Forge that hosts the module."),
        .required("project", \.project, .project, "The project on the forge."),
        make: ModuleRepository.init)
}

extension ArrivalProof {
    private struct Written: Sendable {
        let url: String?
        let file: String?
        let within: Duration
    }

    static let schema: Schema<ArrivalProof> = Schema<Written>.object(
        .optional("url", \.url, .webAddress, "Where r10k's record is served."),
        .optional("file", \.file, .absolutePath, "Where r10k's record lies on this machine."),
        .defaulted(
            "within", \.within, .duration(from: .seconds(60), to: .seconds(7 * 86_400)), to: defaultPatience,
            "How long after a merge the record may take to tell of it."),
        make: Written.init
    ).map(
        into: { written, node, findings in
            switch (written.url, written.file) {
            case (let url?, nil): return ArrivalProof(.url(url), within: written.within)
            case (nil, let file?): return ArrivalProof(.file(file), within: written.within)
            case (nil, nil), (_?, _?):
                findings.report(
                    .invalidValue, at: node.location, "expected one of the keys \"url\" and \"file\"",
                    hint: "for example file: /srv/environments/zone01/.r10k-deploy.json")
                return nil
            }
        },
        from: { proof in
            switch proof.place {
            case .url(let url): Written(url: url, file: nil, within: proof.within)
            case .file(let file): Written(url: nil, file: file, within: proof.within)
            }
        })
}

extension Findings {
    /// Notes what stands in a list more than once.
    mutating func reportRepetitions(in values: [String], at node: SourceNode, _ key: String, _ what: String) {
        var seen: Set<String> = []
        for (index, value) in values.enumerated() where !seen.insert(value).inserted {
            within(.key(key)) { findings in
                findings.within(.index(index)) {
                    $0.report(
                        .invalidValue, at: node.deepest(key).element(index).location,
                        "\(what) \(value.quotedForMessage) stands here twice")
                }
            }
        }
    }
}
