public import DesiredState

/// A long-lived branch with the one that it gets releases from.
public struct DriftLine: Hashable, Sendable {
    /// The branch.
    public let branch: String
    /// The branch that it gets releases from; nil for the first stage.
    public let upstream: String?
    /// The branch that gets releases from this one, when it is the first stage.
    let downstream: String?

    /// The branches of a control repository that are watched: its stages, the zones that are named, and those that fit a
    /// pattern.
    /// - Parameter branches: All branches that there are.
    public static func lines(of spec: ControlRepositorySpec, among branches: some Sequence<String>) -> [DriftLine] {
        let stages = spec.stages.enumerated().map { index, stage in
            DriftLine(
                branch: stage, upstream: index > 0 ? spec.stages[index - 1] : nil,
                downstream: index == 0 ? spec.stages.dropFirst().first : nil)
        }
        let zones = Set(branches.filter(spec.isZone)).union(spec.zones.branches).subtracting(spec.stages)
        return stages
            + zones.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
                DriftLine(branch: $0, upstream: spec.stages.last, downstream: nil)
            }
    }
}
