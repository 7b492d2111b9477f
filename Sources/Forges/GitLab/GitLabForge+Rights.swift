import Diagnostics

extension GitLabForge {
    /// See ``RightsReading/rights(in:)``. A branch that is protected may ask for more than `Developer`.
    public func rights(in project: ProjectRef) async throws -> ProjectRights {
        guard let found = try await api.find(GitLabWire.Project.self, Self.path(project, [])) else {
            throw ForgeProblem.missing(project, on: name)
        }
        return Self.rights(
            ofLevels: [found.permissions?.project_access, found.permissions?.group_access].map { $0?.access_level })
    }

    /// What follows from the levels. Where there are none the account is no member itself, and may have its rights by
    /// another group with which the project is shared, or as an administrator: nothing is told then.
    static func rights(ofLevels levels: [Int?]) -> ProjectRights {
        guard let level = levels.compactMap(\.self).max() else { return ProjectRights([.read: true]) }
        return ProjectRights(
            [.read: true, .verdicts: level >= 30, .write: level >= 30], level: Self.levels.last { $0.0 <= level }?.1)
    }

    /// GitLab's own levels.
    private static let levels = [
        (0, "nobody in particular"), (10, "Guest"), (15, "Planner"), (20, "Reporter"), (30, "Developer"),
        (40, "Maintainer"), (50, "Owner"),
    ]
}
