import Foundation

extension LocalForge {
    /// See ``RightsReading/rights(in:)``: what the file system lets our account do.
    public func rights(in project: ProjectRef) async throws -> ProjectRights {
        let path = repositoryPath(of: project)
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { throw ForgeProblem.missing(project, on: name) }
        let (reads, writes) = (files.isReadableFile(atPath: path), files.isWritableFile(atPath: "\(path)/refs"))
        return ProjectRights([.read: reads, .verdicts: writes, .write: writes])
    }
}
