import Changelog
import Diagnostics

/// The two tables that stand for one table of a registry: the rows as they are, and every state that they ever had.
///
/// Both are put together as Liquibase's own `createTable` would be written, so that names, types and defaults become
/// SQL by the rules that hold for all tables.
struct HistoryTable {
    /// `createTable` as its author wrote it, without what only registries understand.
    let node: ChangelogNode
    /// The table's name, in lower case.
    let name: String
    /// Whether each row belongs to a subject.
    let isObject: Bool
    /// Columns whose content is classified, with the class.
    let classified: [(column: String, kind: String)]

    /// The name of the table of past states.
    static func pastName(_ table: String) -> String { table + "_hst" }

    /// The element of the table of past states: no keys but one over primary key and time.
    var past: ChangelogNode {
        let unique = "ui_\(Self.pastName(name))"
        let columns = Self.columns(of: node).map { column in
            guard let constraints = column.child("constraints") else { return column }
            let isKey = Self.isTrue(constraints["primaryKey"])
            let kept = constraints.children.filter {
                Self.keptConstraints.contains($0.name) || isKey && Self.keyConstraints.contains($0.name)
            }
            let key = isKey ? [attribute("unique", "true"), attribute("uniqueConstraintName", unique)] : []
            return column.replacing("constraints", [element("constraints", kept + key)])
        }
        let system = SystemColumn.past.map { column in
            self.column(column, column.name == "ddm_created_at" ? unique : nil)
        }
        return table(Self.pastName(name), columns + system + subjectColumns(isReferenced: false))
    }

    /// The element of the table itself.
    var current: ChangelogNode {
        table(
            name,
            Self.columns(of: node).map { subjectReference($0) } + SystemColumn.current.map { column($0, nil) }
                + subjectColumns(isReferenced: true))
    }

    /// The foreign keys of the table itself, in the order in which they are made: column and table referred to.
    var foreignKeys: [(column: String, table: String)] {
        let own = Self.columns(of: node).compactMap { column -> (String, String)? in
            guard let constraints = column.child("constraints"),
                constraints["references"] != nil
                    || constraints["referencedTableName"] != nil && constraints["referencedColumnNames"] != nil
            else { return nil }
            // The platform's own tool writes the word for a table that is given with its columns in one text.
            return (column["name"] ?? "", constraints["referencedTableName"] ?? "null")
        }
        return isObject ? own + [(Subject.column, Subject.table)] : own
    }

    /// The columns of a change, in the forms of all formats.
    static func columns(of change: ChangelogNode) -> [ChangelogNode] {
        change.children.flatMap { child -> [ChangelogNode] in
            if child.isNamed("column") { return [child] }
            guard child.isNamed("columns") else { return [] }
            let inner = child.children(named: "column")
            return inner.isEmpty && !child.children.isEmpty ? [child] : inner
        }
    }

    static func isTrue(_ text: String?) -> Bool {
        text?.lowercased().trimmingPrefix(while: \.isWhitespace).begins(with: "true") ?? false
    }

    private static let keptConstraints: Set<String> = ["nullable", "notNullConstraintName", "validateNullable"]
    private static let keyConstraints: Set<String> = ["primaryKey", "primaryKeyName", "primaryKeyTablespace"]
    private static let keptAttributes: Set<String> = ["catalogName", "schemaName", "tablespace", "remarks"]

    private func table(_ name: String, _ columns: [ChangelogNode]) -> ChangelogNode {
        element(
            "createTable",
            [attribute("tableName", name)] + node.children.filter { Self.keptAttributes.contains($0.name) }
                + columns.map { column in
                    var column = column
                    column.name = "column"
                    return column
                })
    }

    private func column(_ column: SystemColumn, _ unique: String?) -> ChangelogNode {
        var constraints: [ChangelogNode] = []
        if !column.isNullable { constraints.append(attribute("nullable", "false")) }
        if let unique {
            constraints += [attribute("unique", "true"), attribute("uniqueConstraintName", unique)]
        }
        return element(
            "column",
            [attribute("name", column.name), attribute("type", column.type)]
                + (column.value.map { [attribute("defaultValueComputed", $0)] } ?? [])
                + (constraints.isEmpty ? [] : [element("constraints", constraints)]))
    }

    private var hasSubjectColumn: Bool {
        Self.columns(of: node).contains { $0["name"]?.lowercased() == Subject.column }
    }

    /// What a classification and a subject add.
    private func subjectColumns(isReferenced: Bool) -> [ChangelogNode] {
        var columns: [ChangelogNode] = []
        if !classified.isEmpty {
            columns.append(column(SystemColumn("dcm_classification", "type_classification[]", isNullable: true), nil))
            columns.append(column(SystemColumn("dcm_access_role", "type_access_role[]", isNullable: true), nil))
        }
        if isObject, !hasSubjectColumn {
            let reference = isReferenced ? Subject.reference(of: name).map { attribute($0, $1) } : []
            columns.append(
                element(
                    "column",
                    [
                        attribute("name", Subject.column), attribute("type", Subject.type),
                        element("constraints", [attribute("nullable", "false")] + reference),
                    ]))
        }
        return columns
    }

    /// A subject's column that the author has written gets the reference that it must have, too.
    private func subjectReference(_ column: ChangelogNode) -> ChangelogNode {
        guard isObject, column["name"]?.lowercased() == Subject.column else { return column }
        let constraints = column.child("constraints")
        guard constraints?["foreignKeyName"] == nil else { return column }
        let reference = Subject.reference(of: name).map { attribute($0, $1) }
        return column.replacing("constraints", [element("constraints", (constraints?.children ?? []) + reference)])
    }

    private func element(_ name: String, _ children: [ChangelogNode]) -> ChangelogNode {
        ChangelogNode(name: name, children: children, location: node.location)
    }

    private func attribute(_ name: String, _ value: String) -> ChangelogNode {
        ChangelogNode(name: name, value: value, location: node.location)
    }
}

extension ChangelogNode {
    /// The node with other children in place of those of a name.
    func replacing(_ name: String, _ children: [ChangelogNode]) -> ChangelogNode {
        var node = self
        node.children = self.children.filter { !$0.isNamed(name) } + children
        return node
    }

    /// The node without some attributes.
    func without(_ names: Set<String>) -> ChangelogNode {
        var node = self
        node.children = children.filter { child in !names.contains { child.isNamed($0) } }
        return node
    }
}
