import DesiredState

/// Candidates and master in the platform's shapes.
enum VersionInfo {
    /// `VersionInfo`: a line of the list.
    static func short(_ candidate: VersionCandidate) -> JSONValue {
        [
            "id": .string(candidate.id), "name": .string(candidate.name),
            "description": .optional(candidate.description),
        ]
    }

    /// `VersionInfoDetailed`: every key is there, `null` where nothing is known.
    static func detailed(_ candidate: VersionCandidate) -> JSONValue {
        [
            "id": .string(candidate.id), "name": .string(candidate.name),
            "description": .optional(candidate.description), "author": .optional(candidate.author),
            "creationDate": .time(candidate.created), "latestUpdate": .time(candidate.updated),
            "latestRebase": .time(candidate.rebased), "hasConflicts": .bool(candidate.hasConflicts),
            "inspections": nil, "validations": validations(candidate.outcome),
        ]
    }

    /// `MasterVersionInfoDetailed`: what is not known is left out, and everything is when nothing was ever merged.
    static func master(_ version: MasterVersion?) -> JSONValue {
        guard let version else { return [:] }
        let members: [String: JSONValue] = [
            "id": .string(version.id), "name": .string(version.name), "description": .optional(version.description),
            "author": .optional(version.author), "latestUpdate": .time(version.updated),
            "published": version.published.map { .bool($0) } ?? .null, "validations": validations(version.outcome),
            "status": .string(result(version.outcome)),
        ]
        return .object(members.filter { $0.value != .null })
    }

    /// Exactly one validation, whose name the platform's clients show.
    private static func validations(_ outcome: DeployOutcome) -> JSONValue {
        var details: String?
        if case .failed(let reason) = outcome { details = reason }
        return [
            [
                "name": "Стан розгортання регламенту", "type": "DEPLOYMENT_STATUS", "result": .string(result(outcome)),
                "resultDetails": .optional(details),
            ]
        ]
    }

    private static func result(_ outcome: DeployOutcome) -> String {
        switch outcome {
        case .pending: "PENDING"
        case .success: "SUCCESS"
        case .failed: "FAILED"
        }
    }

    static let schemas: [String: JSONValue] = [
        "VersionInfo": .record(["id": .text, "name": .text, "description": .textOrNull]),
        "VersionInfoDetailed": .record([
            "id": .text, "name": .text, "description": .textOrNull, "author": .textOrNull, "creationDate": .timeOrNull,
            "latestUpdate": .timeOrNull, "latestRebase": .timeOrNull, "hasConflicts": ["type": "boolean"],
            "inspections": ["type": "null"], "validations": .list("Validation"),
        ]),
        "MasterVersionInfoDetailed": .record(
            [:],
            optional: [
                "id": .text, "name": .text, "description": .text, "author": .text, "latestUpdate": .time,
                "published": ["type": "boolean"], "inspector": .text, "validations": .list("Validation"),
                "status": .text,
            ]),
        "Validation": .record([
            "name": .text, "type": ["enum": ["DEPLOYMENT_STATUS"]],
            "result": ["enum": ["PENDING", "SUCCESS", "FAILED"]],
            "resultDetails": .textOrNull,
        ]),
    ]
}
