import CandidateDatabases
import DesiredState

/// Tables in the platform's shapes. Every key is there, `null` where nothing is known.
enum TableBodies {
    /// `TableInfoShort`: a line of the list.
    static func short(_ table: TableSummary) -> JSONValue {
        [
            "name": .string(table.name), "objectReference": .bool(table.objectReference),
            "description": .optional(table.description),
        ]
    }

    /// `TableInfo`: the platform's snapshot of a table.
    static func full(_ table: TableInfo) -> JSONValue {
        [
            "name": .string(table.name), "objectReference": .bool(table.objectReference),
            "description": .optional(table.description), "columns": .object(table.columns.mapValues(column)),
            "foreignKeys": .object(table.foreignKeys.mapValues(foreignKey)),
            "primaryKey": table.primaryKey.map(index) ?? .null,
            "uniqueConstraints": .object(table.uniqueConstraints.mapValues(index)),
            "indices": .object(table.indices.mapValues(index)),
        ]
    }

    private static func column(_ column: TableInfo.Column) -> JSONValue {
        [
            "name": .string(column.name), "description": .optional(column.description), "type": .string(column.type),
            "defaultValue": .optional(column.defaultValue), "notNullFlag": .bool(column.notNullFlag),
        ]
    }

    private static func foreignKey(_ key: TableInfo.ForeignKey) -> JSONValue {
        [
            "name": .string(key.name), "targetTable": .string(key.targetTable),
            "columnPairs": .array(
                key.columnPairs.map { pair in
                    [
                        "sourceColumnName": .string(pair.sourceColumnName),
                        "targetColumnName": .string(pair.targetColumnName),
                    ]
                }),
        ]
    }

    private static func index(_ index: TableInfo.Index) -> JSONValue {
        [
            "name": .string(index.name),
            "columns": .array(
                index.columns.map { ["name": .string($0.name), "sorting": .string($0.sorting)] }),
        ]
    }

    static let schemas: [String: JSONValue] = [
        "TableInfoShort": .record(["name": .text, "objectReference": ["type": "boolean"], "description": .textOrNull]),
        "TableInfo": .record([
            "name": .text, "objectReference": ["type": "boolean"], "description": .textOrNull,
            "columns": .map("TableColumn"), "foreignKeys": .map("TableForeignKey"),
            "primaryKey": ["oneOf": [.reference("TableIndex"), ["type": "null"]]],
            "uniqueConstraints": .map("TableIndex"), "indices": .map("TableIndex"),
        ]),
        "TableColumn": .record([
            "name": .text, "description": .textOrNull, "type": .text, "defaultValue": .textOrNull,
            "notNullFlag": ["type": "boolean"],
        ]),
        "TableForeignKey": .record([
            "name": .text, "targetTable": .text,
            "columnPairs": [
                "type": "array", "items": .record(["sourceColumnName": .text, "targetColumnName": .text]),
            ],
        ]),
        "TableIndex": .record([
            "name": .text,
            "columns": [
                "type": "array", "items": .record(["name": .text, "sorting": ["enum": ["ASC", "DESC", "NONE"]]]),
            ],
        ]),
    ]
}
