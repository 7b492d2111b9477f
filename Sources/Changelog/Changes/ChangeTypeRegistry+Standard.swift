extension ChangeTypeRegistry {
    /// Liquibase's own change types that have a meaning on PostgreSQL.
    public static let standard = ChangeTypeRegistry([
        CreateTable.self, DropTable.self, RenameTable.self,
        SetTableRemarks.self, SetColumnRemarks.self,
        AddColumn.self, DropColumn.self, RenameColumn.self, MergeColumns.self,
        ModifyDataType.self, AddAutoIncrement.self, AddDefaultValue.self, DropDefaultValue.self,
        AddPrimaryKey.self, DropPrimaryKey.self, AddForeignKey.self, DropForeignKey.self, DropAllForeignKeys.self,
        AddUniqueConstraint.self, DropUniqueConstraint.self, AddNotNull.self, DropNotNull.self, AddLookupTable.self,
        CreateIndex.self, DropIndex.self,
        CreateSequence.self, AlterSequence.self, DropSequence.self, RenameSequence.self,
        CreateView.self, DropView.self, RenameView.self,
        InsertData.self, UpdateData.self, DeleteData.self, LoadData.self, LoadUpdateData.self,
        RawSQL.self, SQLFile.self, CreateProcedure.self, DropProcedure.self,
        TagDatabase.self, EmptyChange.self, OutputMessage.self, StopUpdate.self,
    ])
}
