import GitClient

/// Finds the releases that stand on another one's lines, so that it cannot be taken back before them.
///
/// A release stands on another when that one could be taken back before it came and not after it; or when it stands on one that
/// does. Two that change different lines of a file do not stand on each other.
struct StackedReleases {
    private let trial: Speculation
    /// Whether a change can be taken back from a tree. Many branches hold the same trees.
    private var known: [Layer.Attempt: Bool] = [:]

    init(_ trial: Speculation) { self.trial = trial }

    /// Those that stand on what a revert takes back, newest first.
    /// - Parameter merges: The merges of other releases on the branch since, newest first.
    mutating func releases(
        on revert: RollbackSight.Revert, among merges: [BranchEvent]
    ) throws -> [ReleaseName] {
        var layers = [Layer(top: try trial.tree(of: revert.merge), bottom: try trial.tree(of: revert.commit))]
        var found: [ReleaseName] = []
        for merge in merges.reversed() {
            guard let release = merge.release else { continue }
            let own = Layer(top: try trial.tree(of: merge.commit), bottom: try trial.tree(of: merge.before))
            var isOn = false
            for layer in layers where !isOn {
                isOn = try comesOff(layer, own.bottom) && !comesOff(layer, own.top)
            }
            guard isOn else { continue }
            layers.append(own)
            if !found.contains(release) { found.append(release) }
        }
        return found.reversed()
    }

    private mutating func comesOff(_ layer: Layer, _ tree: ObjectID) throws -> Bool {
        let attempt = Layer.Attempt(layer: layer, tree: tree)
        if let known = known[attempt] { return known }
        let comesOff = try trial.apply(from: layer.top, to: layer.bottom, onto: tree).tree != nil
        known[attempt] = comesOff
        return comesOff
    }

    /// What a merge changed: the tree with it and the one without.
    private struct Layer: Hashable {
        let top: ObjectID
        let bottom: ObjectID

        struct Attempt: Hashable {
            let layer: Layer
            let tree: ObjectID
        }
    }
}
