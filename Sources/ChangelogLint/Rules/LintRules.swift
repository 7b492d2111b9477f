/// All rules, in the order of the reference page.
public enum LintRules {
    /// All rules.
    public static let all: [any LintRule] = [
        // What the books rely on.
        EditedDeployedChangeSet(), RemovedDeployedChangeSet(), OutOfOrderChangeSet(), DuplicateID(), MissingRollback(),
        UnusableAllowance(), BrokenMerge(),
        // How a changeset runs.
        StatementOutsideTransaction(), NeedlesslyNonTransactional(), SeveralStatementsWithoutTransaction(),
        MixedDataAndSchema(), SessionSetting(), UnreadableStatement(),
        // What is lost.
        DropTable(), DropColumn(), DropSchema(), DropType(), DropCascade(), TruncateTable(), DeleteWithoutWhere(),
        UpdateWithoutWhere(),
        // Columns.
        AddNotNullWithoutDefault(), SetNotNull(), RewritingTypeChange(), NarrowingTypeChange(), RewritingNewColumn(),
        // Constraints and indexes.
        NonConcurrentIndex(), NonConcurrentDropIndex(), NonConcurrentReindex(), ConcurrentIndexIfNotExists(),
        ForeignKeyWithoutNotValid(), CheckWithoutNotValid(), KeyWithoutIndex(), ExclusionConstraint(),
        ValidateInSameTransaction(),
        // Locks and rewrites.
        ExplicitLock(), TableRewrite(), NonConcurrentRefresh(), NonConcurrentDetach(),
        // Programs that run meanwhile.
        RenameTable(), RenameColumn(), ChangeSchema(),
        // What is not the database's own.
        ClusterWideStatement(),
    ]

    /// The names of all rules, in that order.
    public static var names: [String] { all.map(\.description.name) }
}
