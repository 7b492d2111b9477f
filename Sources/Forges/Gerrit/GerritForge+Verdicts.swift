import Diagnostics
public import GitClient
import OutboundHTTP

extension GerritForge {
    /// See ``VerdictReporting/verdict(on:of:project:)``.
    public func verdict(
        on revision: ObjectID, of candidate: CandidateID, project: ProjectRef
    ) async throws -> VerdictReport? {
        guard let change = try await judgedChange(candidate, project) else { return nil }
        return try await standing(on: revision, of: candidate, in: change)
    }

    /// See ``VerdictReporting/report(_:project:)``.
    ///
    /// A patch set that arrives while the vote is on its way may get the vote copied to it; that copy is taken back.
    public func report(_ report: VerdictReport, project: ProjectRef) async throws -> ReportOutcome {
        guard let path = Self.path(report.candidate, project),
            let change = try await judgedChange(report.candidate, project), change.status == "NEW",
            change.head == report.revision
        else { return .revisionMoved }
        if try await standing(on: report.revision, of: report.candidate, in: change) == report { return .alreadyThere }
        let message = GerritText.message(report)
        let account = try await account()
        // The same words are not said twice: when only the vote is gone, only the vote is given again.
        let isSaid = change.patchSet.flatMap { change.said(by: account, patchSet: $0) } == message
        let answer = try await api.send(
            .post, path + ["revisions", report.revision.hex, "review"],
            body: GerritWire.Review(
                message: isSaid ? nil : message, tag: Self.tag, labels: [label: report.verdict.rawValue]),
            accepting: [404, 409])
        guard answer.status < 300 else { return .revisionMoved }
        return try await confirm(report, at: path, project)
    }

    /// See ``VerdictReporting/verdictHazards(project:branch:)``.
    ///
    /// A label is defined where it is shared, in `All-Projects` as a rule: the project's own list does not have it.
    public func verdictHazards(project: ProjectRef, branch: RefName) async throws -> [String] {
        let unseen = "whether votes are copied to later revisions cannot be seen: our account may not read the settings"
        do {
            let path = ["projects", project.path, "labels", ""]
            let labels = try await api.find(
                [GerritWire.LabelDefinition].self, path, query: [("inherited", "true")])
            guard let labels else { return ["\(unseen) of the project and its parents"] }
            // From the root down: a definition nearer to the project takes the place of the others.
            guard let definition = labels.last(where: { $0.name == label }) else {
                return ["no verdict can be given: neither the project nor its parents have a label \(label)"]
            }
            return definition.hazards + [try await missingRequirement(definition, project)].compactMap(\.self)
        } catch let error as SluiceError where ["forge.access-denied", "forge.request-refused"].contains(error.code) {
            return ["\(unseen) of the project and its parents"]
        }
    }

    private func judgedChange(_ id: CandidateID, _ project: ProjectRef) async throws -> GerritWire.Change? {
        try await change(id, project: project, [.currentRevision, .labels, .messages, .accounts])
    }

    /// Our verdict on the present patch set: the message on exactly this one, and the vote that goes with it.
    private func standing(
        on revision: ObjectID, of candidate: CandidateID, in change: GerritWire.Change
    ) async throws -> VerdictReport? {
        let account = try await account()
        guard change.head == revision, let patchSet = change.patchSet,
            let message = change.said(by: account, patchSet: patchSet),
            let report = GerritText.report(message, candidate: candidate, revision: revision),
            change.vote(on: label, by: account) == report.verdict.rawValue
        else { return nil }
        return report
    }

    private func confirm(
        _ report: VerdictReport, at path: [String], _ project: ProjectRef
    ) async throws -> ReportOutcome {
        guard let after = try await judgedChange(report.candidate, project) else { return .revisionMoved }
        if after.head == report.revision { return .posted }
        let account = try await account()
        let isJudged = after.message(tagged: Self.tag, by: account, patchSet: after.patchSet) != nil
        if let head = after.head, after.status == "NEW", !isJudged, after.vote(on: label, by: account) != 0 {
            _ = try await api.send(
                .post, path + ["revisions", head.hex, "review"],
                body: GerritWire.Review(message: nil, tag: Self.tag, labels: [label: 0]), accepting: [404, 409])
        }
        return .revisionMoved
    }
}
