extension MigrationRequest {
    /// One head after the merge, the upgrade, and the database at that head.
    ///
    /// Two candidates can each have one head and two when both are merged, so heads are counted on the merged content.
    /// An `upgrade` that stops early without a word is found by asking where the database stands. Its option
    /// `--check-heads` is younger than the Alembic of many systems, so its list of heads is read.
    var alembicSteps: [MigrationStep] {
        let configuration = ["-c", rootName]
        let hasMergedContent = merged != nil
        return [
            MigrationStep(arguments: configuration + ["heads", "--verbose"], tree: .merged, reach: .nothing) {
                output, _ in
                AlembicReader.failure(output) ?? AlembicHeads(output).failure(isMerged: hasMergedContent)
            },
            MigrationStep(arguments: arguments ?? configuration + ["upgrade", "head"]) { output, _ in
                AlembicReader.failure(output)
            },
            MigrationStep(arguments: configuration + ["current"]) { [content] output, earlier in
                let expectsRevision = earlier.first.map { AlembicHeads($0).haveRevisions(in: content) } ?? false
                return AlembicReader.failure(output)
                    ?? AlembicHeads.staleDatabase(output, expectsRevision: expectsRevision)
            },
        ]
    }
}
