import Diagnostics
import GitClient

enum UnrelatedHistory {
    static func error(_ source: ObjectID, _ target: ObjectID) -> SluiceError {
        SluiceError(
            "release.unrelated-history", .stalled, "the source has no commit in common with the branch it is for",
            hint: "make the source branch from the first stage", detail: "\(source) and \(target)")
    }
}
