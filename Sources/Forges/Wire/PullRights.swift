extension GitHubForge {
    /// See ``RightsReading/rights(in:)``. Of an App's installation GitHub does not tell.
    public func rights(in project: ProjectRef) async throws -> ProjectRights {
        let repository = try await api.repository(project)
        return try await app() == nil ? ProjectRights(repository.permissions) : ProjectRights([.read: true])
    }
}

extension GiteeForge {
    /// See ``RightsReading/rights(in:)``.
    public func rights(in project: ProjectRef) async throws -> ProjectRights {
        ProjectRights(try await api.repository(project).permission)
    }
}

extension ProjectRights {
    /// Of a repository that can be seen: whoever may push may label and set statuses too.
    fileprivate init(_ permissions: PullWire.Permissions?) {
        let level: String? =
            permissions.map { $0.admin == true ? "admin" : $0.push == true ? "write" : "read" }
        var granted: [ProjectRight: Bool] = [.read: true]
        if let push = permissions?.push { (granted[.verdicts], granted[.write]) = (push, push) }
        self.init(granted, level: level)
    }
}
