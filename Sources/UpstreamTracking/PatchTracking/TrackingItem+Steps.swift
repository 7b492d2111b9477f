public import GitClient

extension TrackingItem {
    /// One thing that is done to have an upstream follow what an item says.
    public enum Step: Hashable, Sendable {
        /// An item's manifest comes into force.
        case apply(TrackingItem)
        /// An order is given.
        case order(TrackingCommand)
    }

    /// What makes of an upstream that is there what the item says.
    ///
    /// The commit is written into the manifest only when the order to go there is kept: whoever asks again because something
    /// failed in between finds it missing, and the order is given again. An item without a commit, or with the one that it
    /// always had, leaves the cursor alone.
    ///
    /// - Parameters:
    ///   - start: The commit that the manifest names.
    ///   - cursor: Up to where the package has everything.
    public func steps(start: String?, cursor: ObjectID?) -> [Step] {
        guard let scmCommit, scmCommit != start, let commit = ObjectID(exactly: scmCommit), commit != cursor else {
            return [.apply(self)]
        }
        var first = self
        first.scmCommit = nil
        return [.apply(first), .order(.moveCursor(to: commit)), .apply(self)]
    }
}
