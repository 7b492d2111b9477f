/// The references of a repository under one prefix.
public struct ReferenceListing: Hashable, Sendable {
    /// Every reference and where it stands.
    public let targets: [RefName: ObjectID]
    /// References whose names are no UTF-8 or break git's grammar, made readable. Nothing can be done with them here.
    public let unreadableNames: [String]

    /// Makes a listing.
    public init(targets: [RefName: ObjectID], unreadableNames: [String] = []) {
        self.targets = targets
        self.unreadableNames = unreadableNames
    }
}
