public import DesiredState
public import Diagnostics

/// What the state store refuses.
public enum StateStoreError: SluiceErrorConvertible, Hashable {
    /// The writer's lease on the key was taken over: nothing was written.
    case leaseLost(ResourceKey)
    /// Work was about to begin on a revision although a newer one has been announced: nothing was written.
    case superseded(ResourceKey, by: String)
    /// A task or run is not in a state that the change may start from: nothing was written.
    case illegalTransition(String)
    /// A page cursor that this store never gave out.
    case invalidCursor
    /// A stored value that this version does not understand, such as one written by a newer version.
    case unreadable(column: String, value: String)

    /// The error as it is reported, recorded and decided on.
    public var sluiceError: SluiceError {
        switch self {
        case .leaseLost(let key):
            SluiceError("lease.lost", .conflict, "another worker has taken over \(key)")
        case .superseded(let key, let revision):
            SluiceError("run.superseded", .conflict, "\(key) has a newer revision, \(revision)")
        case .illegalTransition(let what):
            SluiceError("history.illegal-transition", .transient, "the history refuses the change: \(what)")
        case .invalidCursor:
            SluiceError(
                "page.invalid-cursor", .stalled, "the page cursor is not valid",
                hint: "use the cursor of the page before, unchanged, with the same filters")
        case .unreadable(let column, let value):
            SluiceError(
                "store.unreadable", .stalled, "the state store holds a value of \(column) that is not understood",
                hint: "was it written by a newer version?", detail: value)
        }
    }
}
