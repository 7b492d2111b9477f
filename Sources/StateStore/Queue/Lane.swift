/// A line of work with workers of its own, so that slow work never holds up cheap work.
public enum Lane: String, Sendable, Codable, CaseIterable {
    /// Cheap: looks at the world and decides whether anything is to be done.
    case observe
    /// Slow: builds databases, deploys changelogs.
    case deploy
}
