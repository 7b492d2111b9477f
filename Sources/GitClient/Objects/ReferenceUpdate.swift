/// A reference's step from one value to another. It is only made when the reference stands where it is said to stand.
public struct ReferenceUpdate: Hashable, Sendable {
    /// The reference.
    public let reference: RefName
    /// Where it stands; nil when it must not exist yet.
    public let old: ObjectID?
    /// Where it shall stand; nil to delete it. The same as ``old`` to hold it where it is while others move.
    public let new: ObjectID?

    /// Makes an update.
    public init(_ reference: RefName, from old: ObjectID?, to new: ObjectID?) {
        self.reference = reference
        self.old = old
        self.new = new
    }
}
