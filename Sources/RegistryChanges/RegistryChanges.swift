public import Changelog

/// The change types of registry regulations: tables with history, search conditions, relations, rights.
///
/// They come to the engine as any others do, by ``ChangeTypeRegistry/register(_:)``. Four of Liquibase's own types are
/// replaced by ones that understand the registries' attributes too and that hand everything else on unchanged.
public enum RegistryChanges {
    /// Liquibase's own types and the registries'.
    public static let changeTypes: ChangeTypeRegistry = {
        var registry = ChangeTypeRegistry.standard
        register(in: &registry)
        return registry
    }()

    /// Adds the types.
    ///
    /// Names are told by their local part alone: regulations write the namespace on elements, on attributes only, or
    /// under another prefix.
    public static func register(in registry: inout ChangeTypeRegistry) {
        for type in types { registry.register(type) }
        // One regulation is deployed to the operational database (`pub`) and to its analytical replica (`sub`). What is
        // for the other one is left out, whether or not its author wrote a context.
        registry.leaveOut(analytics) { $0.names.contains("pub") }
        registry.leaveOut(searchConditions) { $0.names.contains("sub") }
    }

    /// The types that may share a changeset with each other only.
    static let searchConditions: Set<String> = [
        CreateSearchCondition.name, CreateSimpleSearchCondition.name, DropSearchCondition.name,
        ExposeSearchCondition.name,
    ]

    /// The types for the analytical replica, none of which is supported there.
    static let analytics: Set<String> = [
        "createAnalyticsView", "createAnalyticsIndex", "dropAnalyticsView", "grant", "grantAll", "revoke", "revokeAll",
    ]

    private static let types: [any Change.Type] = [
        CreateHistoryTable.self, AddHistoryColumn.self, ModifyHistoryDataType.self, DropHistoryColumn.self,
        RenameHistoryColumn.self, MakeObject.self,
        CreateType.self, DropType.self, CreateDomain.self, DropDomain.self,
        CreateSearchCondition.self, CreateSimpleSearchCondition.self, DropSearchCondition.self,
        ExposeSearchCondition.self,
        CreateManyToMany.self, CreateCompositeEntity.self,
        SetPermissions.self, SetRowRules.self,
        PartialUpdate.self, TableReadParameters.self, AlterTableAPI.self, CreateAsyncLoad.self, DeleteAsyncLoad.self,
    ]
}
