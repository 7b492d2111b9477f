/// Moves changesets with `runOrder` to the front or the end; all others keep the order of the text.
enum RunOrdering {
    static func ordered(_ changeSets: [ChangeSet]) -> [ChangeSet] {
        guard changeSets.contains(where: { $0.runOrder != nil }) else { return changeSets }
        return changeSets.filter { $0.runOrder == .first } + changeSets.filter { $0.runOrder == nil }
            + changeSets.filter { $0.runOrder == .last }
    }
}
