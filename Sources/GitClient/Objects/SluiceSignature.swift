package import Foundation

extension GitSignature {
    private static let sluice = (name: "Sluice", email: "sluice@localhost")

    /// Who makes the commits that Sluice makes. The time is somebody else's, so that the same commit is made again.
    package static func sluice(at date: Date) -> GitSignature {
        GitSignature(name: sluice.name, email: sluice.email, date: date)
    }

    /// Whether Sluice says to have made a commit.
    package var isSluice: Bool { name == Self.sluice.name && email == Self.sluice.email }
}
