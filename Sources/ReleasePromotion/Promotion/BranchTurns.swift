/// Whose turn it is on a branch: of two releases that merge into one, the second looks again when the first is through.
///
/// This is about one process. Between several, what was merged is compared with what was rehearsed.
actor BranchTurns {
    private var busy: Set<String> = []

    /// Takes the turn on a branch; false when another one has it.
    func take(_ branch: String) -> Bool { busy.insert(branch).inserted }

    /// Gives it back.
    func giveBack(_ branch: String) { busy.remove(branch) }
}
