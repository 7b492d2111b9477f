public import Diagnostics

/// Why something is not backed up or not restored. Nothing has changed then.
public enum BackupError: SluiceErrorConvertible, Hashable {
    /// The file is there already.
    case exists(String)
    /// The file cannot be written or read.
    case unusable(String, String)
    /// The file is no backup.
    case foreign(String)
    /// The file ends before the backup does.
    case truncated
    /// The file does not hold what was written.
    case damaged(String)
    /// The file is whole, and not the one that was expected.
    case unexpected(String)
    /// The file has the form of a newer version.
    case form(String)
    /// The file was made by a newer version.
    case newer(Int)
    /// There is no state to back up.
    case nothing
    /// The login may not read all of it.
    case unreadable(String)
    /// The database that is restored into holds state already.
    case notEmpty(String)
    /// Controllers work on the database that is restored into.
    case inUse(Int)

    /// The error as it is reported.
    public var sluiceError: SluiceError {
        switch self {
        case .exists(let path):
            SluiceError(
                "backup.exists", .stalled, "\(path) is there already", hint: "take another name, or say --overwrite")
        case .unusable(let path, let reason):
            SluiceError("backup.unusable", .stalled, "\(path) cannot be used: \(reason)")
        case .foreign(let path):
            SluiceError(
                "backup.foreign", .stalled, "\(path) is no backup of Sluice",
                hint: "what pg_dump made is restored with pg_restore or psql")
        case .truncated:
            SluiceError(
                "backup.truncated", .stalled, "the backup ends before its manifest",
                hint: "copy it again, or take another")
        case .damaged(let what):
            SluiceError(
                "backup.damaged", .stalled, "the backup does not hold what was written: \(what)",
                hint: "copy it again, or take another")
        case .unexpected(let digest):
            SluiceError(
                "backup.unexpected", .stalled,
                "the backup is whole, and another one than is expected: its digest is \(digest)")
        case .form(let format):
            SluiceError(
                "backup.newer", .stalled, "the backup has the form \(format), which this program does not know",
                hint: "restore it with the program that made it")
        case .newer(let version):
            SluiceError(
                "backup.newer", .stalled, "the backup has schema version \(version), which this program does not know",
                hint: "restore it with the program that made it")
        case .unreadable(let sequence):
            SluiceError(
                "backup.unreadable", .stalled, "the login may not read the sequence \(sequence)",
                hint: "as the owner: GRANT SELECT ON ALL TABLES IN SCHEMA sluice TO …; and the same ON ALL SEQUENCES")
        case .nothing: SluiceError("backup.nothing", .stalled, "the database holds no state of Sluice")
        case .notEmpty(let table):
            SluiceError(
                "restore.not-empty", .stalled, "the database holds state already: there are rows in \(table)",
                hint: "restore into an empty database, or say --replace to drop what is there")
        case .inUse(let connections):
            SluiceError(
                "restore.in-use", .stalled, "controllers are at work on the database (\(connections) connections)",
                hint: "stop them first")
        }
    }
}
