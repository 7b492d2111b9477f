import Diagnostics

extension CrossReferences {
    /// A release walks the branches that its control repository says there are.
    func checkRelease(_ release: ReleaseSpec, in resource: WrittenResource, _ findings: inout Findings) {
        guard let repository = controlRepository(named: release.repository) else { return }
        let spec = resource.node.deepest("spec")
        checkSource(release, repository, spec, &findings)
        for (index, batch) in release.batches.enumerated() {
            for (position, zone) in batch.zones.enumerated() where !repository.isZone(zone) {
                findings.report(
                    .invalidValue,
                    at: spec.deepest("batches").element(index).deepest("zones").element(position).location,
                    path: "spec.batches[\(index)].zones[\(position)]",
                    repository.stages.contains(zone)
                        ? "\(zone.quotedForMessage) is a stage: every release passes it, before all batches"
                        : "\(zone.quotedForMessage) is no zone of ControlRepository \(release.repository.quotedForMessage)",
                    hint: "leave it out, or see spec.zones of the repository")
            }
        }
        if case .stage(let stage) = release.target, !repository.stages.contains(stage) {
            let known = repository.stages + ReleaseTarget.words
            findings.report(
                .invalidValue, at: spec.deepest("target").location, path: "spec.target",
                "\(stage.quotedForMessage) is no stage of ControlRepository \(release.repository.quotedForMessage)",
                hint: Suggestion.nearest(to: stage, in: known).map { "did you mean \"\($0)\"?" }
                    ?? "there are: \(known.joined(separator: ", "))")
        }
        checkWindow(release, repository, spec, &findings)
    }

    private func checkSource(
        _ release: ReleaseSpec, _ repository: ControlRepositorySpec, _ spec: SourceNode, _ findings: inout Findings
    ) {
        guard repository.stages.contains(release.source) || repository.isZone(release.source) else { return }
        findings.report(
            .invalidValue, at: spec.deepest("source").location, path: "spec.source",
            "\(release.source.quotedForMessage) is a branch that lives on: a release comes from a branch of its own",
            hint: "make a branch from \(repository.stages.first ?? "the first stage"); cancelling deletes it")
    }

    private func checkWindow(
        _ release: ReleaseSpec, _ repository: ControlRepositorySpec, _ spec: SourceNode, _ findings: inout Findings
    ) {
        let least = repository.windows.minimumLength
        guard let window = release.window, window.length < least else { return }
        findings.report(
            .invalidValue, at: spec.deepest("window").location, path: "spec.window",
            "the window is open for \(ConfigurationDuration.format(window.length)), "
                + "expected \(ConfigurationDuration.format(least)) at least",
            hint: "spec.windows.minimumLength of the ControlRepository says how long")
    }
}
