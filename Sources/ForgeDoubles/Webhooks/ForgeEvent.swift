package import Foundation
package import GitClient

/// Something that happened on a host, before any wire has put it into words.
package struct ForgeEvent: Sendable {
    package enum Kind: Sendable {
        /// A branch was made, moved or deleted.
        case branchMoved(branch: String, from: ObjectID?, to: ObjectID?)
        case opened
        /// A new revision arrived; where the head was before.
        case revised(from: ObjectID?)
        /// Title, text or labels changed.
        case edited
        case merged
        case closed
        case reopened
        /// A comment, or on Gerrit a review.
        case commented(StoredComment)
    }

    package let kind: Kind
    package let project: StoredProject
    /// The candidate, when it is about one, as it is afterwards.
    package let candidate: StoredCandidate?
    package let actor: StoredAccount
    package let date: Date
}
