/// What a version of the schema adds to the one before it, as changesets of Liquibase's formatted SQL.
///
/// The first changeset of a version notes the version and the oldest program that works on it in
/// `sluice.schema_versions`: so it is there before anything else of the version, and goes last when the version is taken
/// back. What the rules are is said in docs/decisions/0015.
struct SchemaVersion: Sendable {
    /// Its number; a program has the number of the newest version that it knows.
    let number: Int
    /// The number of the oldest program that works on it. The version says the same to programs that do not know it.
    let oldestProgram: Int
    /// The changesets. Those of a version that was released are never edited, and none is added to them.
    let changesets: String

    init(_ number: Int, oldestProgram: Int, _ changesets: String) {
        self.number = number
        self.oldestProgram = oldestProgram
        self.changesets = changesets
    }
}
