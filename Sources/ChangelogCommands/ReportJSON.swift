import Changelog
import Diagnostics
import Foundation

/// Data of these commands as JSON.
enum ReportJSON {
    /// The text, indented, with sorted keys.
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}

/// A changeset that an update would run.
struct PendingChangeSet: Encodable {
    let path: String
    let id: String
    let author: String
    let file: String
    let line: Int?

    init(_ step: DeploymentPlan.Step) {
        let (identity, location) = (step.prepared.identity, step.prepared.changeSet.location)
        (path, id, author) = (identity.path, identity.id, identity.author)
        (file, line) = (location.file, location.line)
    }
}

/// A row of the books.
struct RanChangeSet: Encodable {
    let path: String
    let id: String
    let author: String
    let order: Int
    let executedAt: String?
    let type: String?
    let checksum: String?
    let description: String?
    let comments: String?
    let tag: String?
    let deploymentID: String?

    init(_ entry: BookEntry) {
        (path, id, author) = (entry.identity.path, entry.identity.id, entry.identity.author)
        (order, executedAt, type) = (entry.order, entry.executedAt, entry.execType?.rawValue)
        (checksum, description, comments) = (entry.checksum?.description, entry.description, entry.comments)
        (tag, deploymentID) = (entry.tag, entry.deploymentID)
    }
}
