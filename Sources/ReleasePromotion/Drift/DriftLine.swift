public import DesiredState

/// A long-lived branch with the one that it gets releases from.
public struct DriftLine: Hashable, Sendable {
    /// The branch.
    public let branch: String
    /// The branch that it gets releases from; nil for the first stage.
    public let upstream: String?
    /// A branch that gets releases from this one, when it is the first stage: what that one has was released.
    let downstream: String?

    /// The branches of a control repository that are watched: its stages, the zones that are named, and those that fit a
    /// pattern or did when they were last there.
    /// - Parameters:
    ///   - branches: All branches that there are.
    ///   - known: Branches that there were. A zone that goes without a word is missing.
    public static func lines(
        of spec: ControlRepositorySpec, among branches: some Sequence<String>, known: some Sequence<String> = []
    ) -> [DriftLine] {
        let zones = Set(branches.filter(spec.isZone)).union(known.filter(spec.isZone)).union(spec.zones.branches)
            .subtracting(spec.stages).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let stages = spec.stages.enumerated().map { index, stage in
            DriftLine(
                branch: stage, upstream: index > 0 ? spec.stages[index - 1] : nil,
                downstream: index == 0 ? spec.stages.dropFirst().first ?? zones.first : nil)
        }
        return stages + zones.map { DriftLine(branch: $0, upstream: spec.stages.last, downstream: nil) }
    }
}
