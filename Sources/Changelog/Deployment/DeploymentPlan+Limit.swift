extension DeploymentPlan {
    /// The steps up to where an update shall stop.
    ///
    /// - Parameters:
    ///   - count: Stop after so many changesets that run; nil for all.
    ///   - tag: Stop behind the changeset that sets this tag, whether it has run or not; nil for none. A tag that no
    ///     changeset sets stops nothing.
    func steps(limit count: Int?, untilTag tag: String?) -> [Step] {
        if let tag {
            guard let last = steps.firstIndex(where: { $0.prepared.tag == tag }) else { return steps }
            return Array(steps[...last])
        }
        guard var left = count else { return steps }
        return Array(
            steps.prefix { step in
                guard step.action != .skip, step.action != .upgradeChecksum else { return left > 0 }
                left -= 1
                return left >= 0
            })
    }
}
