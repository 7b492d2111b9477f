import Diagnostics

/// What Liquibase's XML schema demands beyond well-formed text, as far as its versions agree: the order of elements, the
/// attributes that must be there, and what some of them may say.
///
/// Liquibase validates a file against it before anything else, so a mistake of this kind ends its work before there are
/// books. The schema itself is not read: it would have to be fetched or kept for every version that a file may name.
enum XMLSchemaRules {
    /// What is wrong with an element and its direct children; nil when nothing is.
    static func violation(in node: ChangelogNode, below parent: String?) -> String? {
        missing(node, below: parent) ?? wrongValue(node, below: parent) ?? wrongOrder(node)
    }

    private static func missing(_ node: ChangelogNode, below parent: String?) -> String? {
        // A column of a data file may be known by its number.
        if node.name == "column", parent == "loadData" || parent == "loadUpdateData" { return nil }
        let absent = required[node.name]?.first { name in !node.children.contains { $0.name == name } }
        return absent.map { "'\(node.name)' has no attribute '\($0)'" }
    }

    private static func wrongValue(_ node: ChangelogNode, below parent: String?) -> String? {
        let nonempty = nonempty[node.name]
        for attribute in node.children where attribute.children.isEmpty {
            if let nonempty, nonempty.contains(attribute.name), attribute.value?.isEmpty ?? true {
                return "'\(attribute.name)' is empty"
            }
            guard let value = attribute.value, !value.utf8.contains(UInt8(ascii: "$")) || !value.holds("${")
            else { continue }
            let words: [String]?
            if attribute.name == "primaryKey", node.name == "constraints" {
                words = truthValues
            } else if node.name == "preConditions", parent == "databaseChangeLog", isOutcome(attribute.name) {
                words = ["HALT", "WARN"]
            } else {
                words = vocabulary[attribute.name]
            }
            guard let words, !words.contains(value) else { continue }
            return "'\(attribute.name)' is '\(value.limited(to: 100))', expected \(words.joined(separator: ", "))"
        }
        return nil
    }

    private static func isOutcome(_ name: String) -> Bool { name == "onFail" || name == "onError" }

    /// Some elements stand in front of all others, and `modifySql` behind them.
    private static func wrongOrder(_ node: ChangelogNode) -> String? {
        let ranks: [String: Int]
        switch node.name {
        case "changeSet": ranks = ["validCheckSum": 0, "preConditions": 1, "modifySql": 3]
        case "databaseChangeLog": ranks = ["removeChangeSetProperty": 0, "property": 0, "preConditions": 1]
        default: return nil
        }
        var highest = 0
        var last = ""
        // Attributes come first in a node and are no elements; of those that have these names there are none.
        for child in node.children where ranks[child.name] != nil || elementNames(of: node.name, child) {
            let rank = ranks[child.name] ?? 2
            guard rank >= highest else {
                return "'\(child.name)' stands behind '\(last)', and must stand in front of it"
            }
            if child.name == "preConditions", last == child.name { return "'preConditions' stands twice" }
            (highest, last) = (rank, child.name)
        }
        return nil
    }

    private static func elementNames(of parent: String, _ child: ChangelogNode) -> Bool {
        parent == "changeSet"
            ? child.name == "comment" || !ChangeSet.attributeNames.contains(child.name.lowercased())
            : ["changeSet", "include", "includeAll", "modifyChangeSets"].contains(child.name)
    }

    private static let flags: Set<String> = [
        "validateForeignKey", "deleteCascade", "replaceIfExists", "referencesUniqueColumn", "disabled",
        "applyToRollback", "dropIndex", "errorIfMissing", "cascadeConstraints", "fullDefinition", "stripComments",
        "nullable", "runAlways", "unique", "failOnError", "allowUpdate", "splitStatements", "ifExists",
        "cycle", "validateNullable", "validatePrimaryKey", "relativeToChangelogFile", "initiallyDeferred",
        "deferrable", "runOnChange", "validateUnique", "autoIncrement", "computed", "keepTagOnRollback", "descending",
        "validate", "defaultValueBoolean", "clustered", "usePreparedStatements", "ordered", "runInTransaction",
        "defaultOnNull", "errorIfMissingOrEmpty", "included", "global", "onlyUpdate",
    ]

    private static let truthValues = ["true", "false", "1", "0"]

    /// What may be said in an attribute, by its name.
    private static let vocabulary = enumerations.merging(flags.map { ($0, truthValues) }) { words, _ in words }

    private static let nonempty: [String: Set<String>] = [
        "loadData": ["file", "separator", "quotchar", "commentLineStartsWith"],
        "loadUpdateData": ["file", "separator", "quotchar", "commentLineStartsWith"],
        "addDefaultValue": ["columnDataType"],
    ]

    private static let enumerations: [String: [String]] = [
        "onFail": ["HALT", "CONTINUE", "MARK_RAN", "WARN"], "onError": ["HALT", "CONTINUE", "MARK_RAN", "WARN"],
        "onSqlOutput": ["IGNORE", "TEST", "FAIL"], "onValidationFail": ["HALT", "MARK_RAN"],
        "onDelete": ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"],
        "onUpdate": ["CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION"],
    ]

    /// The attributes that an element must have, by its name.
    private static let required: [String: [String]] = {
        var table: [String: [String]] = [:]
        for line in attributes.words(at: "\n") {
            let words = line.words(at: " ").map(String.init)
            if let element = words.first { table[element] = Array(words.dropFirst()) }
        }
        return table
    }()

    private static let attributes = """
        addAutoIncrement tableName columnName
        addColumn tableName
        addDefaultValue tableName columnName
        addForeignKeyConstraint baseTableName baseColumnNames constraintName referencedTableName referencedColumnNames
        addLookupTable existingTableName existingColumnName newTableName newColumnName
        addNotNullConstraint tableName columnName
        addPrimaryKey tableName columnNames
        addUniqueConstraint tableName columnNames
        alterSequence sequenceName
        append value
        arg value
        changeLogPropertyDefined property
        changeSet id author
        changeSetExecuted id author
        column name
        columnExists tableName columnName
        createIndex tableName indexName
        createSequence sequenceName
        createTable tableName
        createView viewName
        customChange class
        customPrecondition className
        dbms type
        delete tableName
        dropAllForeignKeyConstraints baseTableName
        dropColumn tableName
        dropDefaultValue tableName columnName
        dropForeignKeyConstraint baseTableName
        dropIndex tableName indexName
        dropNotNullConstraint tableName
        dropPrimaryKey tableName
        dropProcedure procedureName
        dropSequence sequenceName
        dropTable tableName
        dropUniqueConstraint tableName
        dropView viewName
        executeCommand executable
        expectedQuotingStrategy strategy
        include file
        includeAll path
        insert tableName
        loadData tableName
        loadUpdateData tableName primaryKey
        mergeColumns tableName column1Name joinString column2Name finalColumnName finalColumnType
        modifyDataType tableName columnName newDataType
        prepend value
        regExpReplace replace with
        renameColumn tableName oldColumnName newColumnName
        renameSequence oldSequenceName newSequenceName
        renameTable oldTableName newTableName
        renameView oldViewName newViewName
        replace replace with
        runningAs username
        sequenceExists sequenceName
        setColumnRemarks tableName columnName
        setTableRemarks tableName
        sqlCheck expectedResult
        sqlFile path
        tableExists tableName
        tagDatabase tag
        uniqueConstraintExists tableName
        update tableName
        viewExists viewName
        """
}
