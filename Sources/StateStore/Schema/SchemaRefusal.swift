import Diagnostics

/// Why a schema is left as it is.
enum SchemaRefusal: SluiceErrorConvertible {
    case tooNew(SchemaStatus)
    case olderControllers(ConnectedProgram, StateSchema)
    case newerControllers(ConnectedProgram, SchemaStatus)
    case first
    case serverTooOld(String)
    case mayNotCreate(String)

    var sluiceError: SluiceError {
        switch self {
        case .tooNew(let status):
            SluiceError(
                "store.schema-too-new", .stalled,
                "the state database has schema version \(status.version), and this program knows \(status.program)",
                hint: "use a program of schema version \(status.oldestProgram) or later; with one of version"
                    + " \(status.version), 'sluice state downgrade' goes back")
        case .olderControllers(let program, let schema):
            SluiceError(
                "store.older-controllers", .stalled,
                "controllers of schema version \(program.version) are at work, which cannot work on version"
                    + " \(schema.version)",
                hint: "replace them by version \(schema.oldestProgram) first, or stop them")
        case .newerControllers(let program, let status):
            SluiceError(
                "store.newer-controllers", .stalled,
                "controllers of schema version \(program.version) are at work (\(program.connections) connections), and"
                    + " need version \(status.version)",
                hint: "replace them by the version before, or stop them, first")
        case .serverTooOld(let version):
            SluiceError(
                "store.server-too-old", .stalled,
                "the state database is on PostgreSQL \(version); 15 or later is needed")
        case .mayNotCreate(let role):
            SluiceError(
                "store.may-not-create", .stalled, "the role \(role) may not make the schema of the state database",
                hint:
                    "as the database's owner: GRANT CREATE ON DATABASE … TO …, or CREATE SCHEMA sluice AUTHORIZATION …")
        case .first:
            SluiceError("store.first-schema", .stalled, "there is no version of the schema before this one")
        }
    }
}
