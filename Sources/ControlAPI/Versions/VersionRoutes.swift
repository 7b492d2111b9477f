import AccessControl
import CandidateDatabases
import DesiredState
import Diagnostics

/// The registry platform's paths: candidates, master and their tables, in the platform's own shapes.
///
/// Each path exists twice: as the platform knows it, for the only registry there is, and below `/registries/{registry}`,
/// which a client uses by its base address alone.
struct VersionRoutes {
    private let versions: any VersionDirectory
    private let tables: any TablesProvider

    init(_ services: ControlServices) {
        versions = services.versions
        tables = services.tables
    }

    var routes: [Route] { routes(below: "", "") + routes(below: "/registries/{registry}", "OfRegistry") }

    private func routes(below root: String, _ suffix: String) -> [Route] {
        func get(
            _ path: String, _ operation: String, _ summary: String, _ schema: JSONValue,
            handle: @escaping @Sendable (Call) async throws -> Answer
        ) -> Route {
            Route(
                method: .get, pattern: RoutePattern("\(root)/versions/\(path)"), surface: .versions,
                operation: operation + suffix, summary: summary, access: .needs(.read) { $0.registryObject },
                outcomes: [Route.Outcome(status: 200, summary: summary, schema: schema)], handle: handle)
        }
        return [
            get("candidates", "listCandidates", "The open candidates.", .list("VersionInfo"), handle: candidates),
            get(
                "candidates/{id}", "getCandidate", "One candidate.", .reference("VersionInfoDetailed"),
                handle: candidate),
            get("candidates/{id}/tables", "listCandidateTables", "A candidate's tables.", .list("TableInfoShort")) {
                try await tables(of: .candidate(try Self.candidateID($0)), $0)
            },
            get("candidates/{id}/tables/{name}", "getCandidateTable", "One of them.", .reference("TableInfo")) {
                try await table(of: .candidate(try Self.candidateID($0)), $0)
            },
            get(
                "master", "getMaster", "What was merged last.", .reference("MasterVersionInfoDetailed"), handle: master),
            get("master/tables", "listMasterTables", "Master's tables.", .list("TableInfoShort")) {
                try await tables(of: .master, $0)
            },
            get("master/tables/{name}", "getMasterTable", "One of them.", .reference("TableInfo")) {
                try await table(of: .master, $0)
            },
        ]
    }

    private func candidates(_ call: Call) async throws -> Answer {
        let candidates = try await versions.candidates(of: call.registry)
        return Answer(.array(candidates.map(VersionInfo.short)))
    }

    private func candidate(_ call: Call) async throws -> Answer {
        guard let candidate = try await versions.candidate(try Self.candidateID(call), of: call.registry) else {
            throw CallFailure.noCandidate("Version candidate does not exist.")
        }
        return Answer(
            headers: VersionHeaders.of(candidate.database, candidate.shownRevision), VersionInfo.detailed(candidate))
    }

    private func master(_ call: Call) async throws -> Answer {
        Answer(VersionInfo.master(try await versions.master(of: call.registry)))
    }

    private func tables(of version: VersionReference, _ call: Call) async throws -> Answer {
        guard let answer = try await tables.tables(of: version, registry: call.registry) else {
            throw CallFailure.noCandidate("getTables.versionCandidateId: Version candidate does not exist.")
        }
        // A database that is not there yet has no tables, as the platform has it; the headers tell the difference.
        return Answer(
            headers: VersionHeaders.of(answer.state, answer.revision),
            .array((answer.content ?? []).map(TableBodies.short)))
    }

    private func table(of version: VersionReference, _ call: Call) async throws -> Answer {
        let name = call.parameter("name")
        guard !name.ends(with: "_v") else {
            throw CallFailure(
                .badRequest, "table.view", "Table cannot be ended with suffix '_v'.", platformCode: "Bad Request")
        }
        let missing = CallFailure.noTable(name, in: version)
        guard name.utf8.count <= 255, !name.hasControlCharacters else { throw missing }
        guard let answer = try await tables.table(name, of: version, registry: call.registry) else {
            throw CallFailure.noCandidate("getTable.versionCandidateId: Version candidate does not exist.")
        }
        let headers = VersionHeaders.of(answer.state, answer.revision)
        guard let table = answer.content else {
            var failure = missing
            failure.headers = headers
            throw failure
        }
        return Answer(headers: headers, TableBodies.full(table))
    }

    /// The id of a candidate. Ids are texts that forges choose, so only what no forge can choose is malformed.
    private static func candidateID(_ call: Call) throws -> String {
        let id = call.parameter("id")
        guard id.utf8.count <= 1024, !id.hasControlCharacters else {
            var failure = CallFailure(.badRequest, "candidate.malformed-id", "the candidate's id is malformed")
            failure.isSilent = true
            throw failure
        }
        return id
    }
}

extension Call {
    /// The registry that the path names.
    fileprivate var registry: String? { parameters["registry"]?.first }
}

extension CallFailure {
    fileprivate static func noCandidate(_ details: String) -> CallFailure {
        CallFailure(.notFound, "candidate.unknown", details, platformCode: "CHANGE_NOT_FOUND")
    }

    fileprivate static func noTable(_ name: String, in version: VersionReference) -> CallFailure {
        let id = if case .candidate(let id) = version { id } else { "master" }
        return CallFailure(
            .notFound, "table.unknown", "Table with name '\(name.visible)' doesn't exist in version '\(id.visible)'.",
            platformCode: "TABLE_NOT_FOUND_EXCEPTION")
    }
}

/// The headers that tell what the tables are of; the platform's shapes have no place for it.
enum VersionHeaders {
    static func of(_ state: DatabaseState, _ revision: String?) -> [(name: String, value: String)] {
        [("Sluice-Database-State", state.rawValue)] + (revision.map { [("Sluice-Revision", $0)] } ?? [])
    }
}

extension String {
    /// Whether any character is a control character.
    var hasControlCharacters: Bool { unicodeScalars.contains(where: \.isControl) }

    /// At most a hundred characters, none of which does anything to what is around it.
    var visible: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { !$0.changesDisplay }.prefix(100)))
    }
}
