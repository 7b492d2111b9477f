public import Foundation

/// Who wrote or committed something, and when. Git does not check any of it.
public struct GitSignature: Hashable, Sendable {
    /// The person's name; text that is no UTF-8 has been repaired.
    public let name: String
    /// The address as written.
    public let email: String
    /// The time as written, to the second.
    public let date: Date

    /// Makes a signature.
    public init(name: String, email: String, date: Date) {
        self.name = name
        self.email = email
        self.date = date
    }
}
