import Diagnostics
import OutboundHTTP

extension GerritForge {
    /// See ``RightsReading/rights(in:)``. What votes we may give, Gerrit says of a change only: without an open one it is
    /// not known, and neither is what we may push.
    public func rights(in project: ProjectRef) async throws -> ProjectRights {
        guard try await api.find(GerritWire.Project.self, ["projects", project.path]) != nil else {
            throw ForgeProblem.missing(project, on: name)
        }
        let changes = try await api.send(
            .get, ["changes", ""],
            query: [("q", "project:\"\(project.path)\" status:open"), ("n", "1"), ("o", Option.labels.rawValue)]
        ).decoded([GerritWire.Change].self)
        guard let permitted = changes.first?.permitted_labels else { return ProjectRights([.read: true]) }
        let votes = Set((permitted[label] ?? []).compactMap { Int($0.filter { $0 != " " }) })
        return ProjectRights([.read: true, .verdicts: votes.isSuperset(of: [-1, 1])])
    }

    /// Whether nothing keeps a change from being submitted without a verdict; nil when it is asked for, and when that cannot
    /// be told.
    ///
    /// Submit requirements came with Gerrit 3.5, and take the place of what a label's own function demands.
    func missingRequirement(_ definition: GerritWire.LabelDefinition, _ project: ProjectRef) async throws -> String? {
        guard let function = definition.function, !["MaxWithBlock", "MaxNoBlock"].contains(function) else { return nil }
        let requirements = try await api.find(
            [GerritWire.SubmitRequirement].self, ["projects", project.path, "submit_requirements", ""],
            query: [("inherited", "true")])
        guard let requirements else { return nil }
        let asks = requirements.contains { $0.submittability_expression?.holds("label:\(label)") ?? false }
        return asks ? nil : "changes can be submitted without a verdict: no submit requirement asks for label:\(label)"
    }
}
