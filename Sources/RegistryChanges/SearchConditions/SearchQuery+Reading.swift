import Changelog

extension SearchQuery {
    /// Reads `table`, `join` and `where` of an element.
    init(from decoder: inout ChangeDecoder) {
        tables = decoder.list("table", as: "tables") { Table(from: &$0) }
        joins = decoder.list("join", as: "joins") { Join(from: &$0) }
        conditions = []
        for node in decoder.elements("where") {
            let (conditions, record) = decoder.nested(node) { SearchPredicate.list(&$0) }
            self.conditions = conditions
            decoder.record("conditions", record["conditions"])
        }
        if tables.isEmpty { decoder.report("at least one 'table' is required") }
        var unjoined = Set(tables.dropFirst().map(\.alias))
        for join in joins {
            if join.left.columns.count != join.right.columns.count || join.left.columns.isEmpty {
                decoder.report("a join has as many columns on the left as on the right, and at least one")
            }
            if unjoined.remove(join.left.alias) == nil, unjoined.remove(join.right.alias) == nil {
                decoder.report(
                    "the join of '\(join.left.alias)' and '\(join.right.alias)' brings no table that is not there yet",
                    hint: "each join brings one 'table', told by its 'alias'")
            }
        }
    }
}

extension SearchQuery.Table {
    init(from decoder: inout ChangeDecoder) {
        name = decoder.requiredValue("name")
        alias = decoder.string("alias").flatMap { $0.isEmpty ? nil : $0 }
        columns = decoder.list("column", as: "columns") { SearchColumn(from: &$0) }
        functions = decoder.list("function", as: "functions") { SearchFunction(from: &$0) }
        var record = ChangeRecord()
        operators = SearchOperator.list(&decoder) { record.set("logicOperators", .list($0)) }
        if !operators.isEmpty {
            record.set("tableName", .text(alias ?? name))
            decoder.record("tableLogicOperator", .object(record))
        }
        decoder.record("usedInSQLClause", .text("false"))
    }
}

extension SearchQuery.Join {
    fileprivate static let types: Set<String> = ["inner", "left", "right", "full", "cross"]

    init(from decoder: inout ChangeDecoder) {
        type = decoder.required("type")
        if !type.isEmpty, !Self.types.contains(type.lowercased()) {
            decoder.report("a join is inner or left, not \"\(type)\"")
        }
        left = Self.side("left", &decoder)
        right = Self.side("right", &decoder)
        conditions = SearchPredicate.list(&decoder)
    }

    private static func side(_ field: String, _ decoder: inout ChangeDecoder) -> (alias: String, columns: [String]) {
        guard let node = decoder.element(field) else {
            decoder.report("'\(field)' is required")
            return ("", [])
        }
        let (side, _) = decoder.nested(node) { decoder in
            (alias: decoder.required("alias"), columns: decoder.list("column", as: "columns") { $0.required("name") })
        }
        decoder.record("\(field)Alias", .text(side.alias))
        decoder.record("\(field)Columns", .texts(side.columns))
        return side
    }
}

extension SearchColumn {
    static let searchTypes = [
        "equal": "equalColumn", "contains": "containsColumn", "startsWith": "startsWithColumn",
        "startsWithArray": "startsWithArrayColumn", "in": "inColumn", "between": "betweenColumn",
        "notIn": "notInColumn", "notEqual": "notEqualColumn",
    ]

    init(from decoder: inout ChangeDecoder) {
        name = decoder.requiredValue("name")
        alias = decoder.value("alias").flatMap { $0.isEmpty ? nil : $0 }
        type = decoder.string("type")
        sorting = decoder.string("sorting")
        searchType = decoder.string("searchType")
        isReturned = decoder.boolean("returning")
        isRequired = decoder.boolean("required")
        fetchType = decoder.string("fetchType")
        if let searchType, Self.searchTypes[searchType] == nil {
            decoder.report(
                "the search type \"\(searchType)\" is not known",
                hint: "known: \(Self.searchTypes.keys.sorted().joined(separator: ", "))")
        }
        if let sorting, !["asc", "desc"].contains(sorting.lowercased()) {
            decoder.report("'sorting' is asc or desc, not \"\(sorting)\"")
        }
        if let fetchType, fetchType != "id", fetchType != "entity" {
            decoder.report("'fetchType' is id or entity, not \"\(fetchType)\"")
        }
    }
}

extension SearchFunction {
    init(from decoder: inout ChangeDecoder) {
        name = decoder.requiredValue("name")
        column = decoder.required("columnName")
        alias = decoder.requiredValue("alias")
        parameter = decoder.string("parameter").flatMap { $0.isEmpty ? nil : $0 }
        window = decoder.string("window")
        if name == "string_agg", parameter == nil {
            decoder.report(
                "the function string_agg needs a 'parameter'", hint: "the text between values: parameter=\"', '\"")
        }
        if name != "string_agg", parameter != nil { decoder.report("the function \(name) takes no 'parameter'") }
    }
}

extension SearchOperator {
    /// Reads the operators of an element, and hands on their records.
    static func list(_ decoder: inout ChangeDecoder, _ note: ([ChangeRecord]) -> Void) -> [SearchOperator] {
        decoder.list("logicOperator", note) { decoder in
            let type = decoder.required("type")
            let columns = decoder.list("column", as: "columns") { SearchColumn(from: &$0) }
            for column in columns where column.searchType?.isEmpty != false {
                decoder.report("the column '\(column.name)' inside a 'logicOperator' needs a 'searchType'")
            }
            var inner: [ChangeRecord] = []
            let operators = list(&decoder) { inner = $0 }
            decoder.record("logicOperators", .list(inner))
            return SearchOperator(type: type, columns: columns, operators: operators)
        }
    }
}

extension SearchPredicate {
    static func list(_ decoder: inout ChangeDecoder, isInner: Bool = false) -> [SearchPredicate] {
        if isInner, decoder.elements("condition").isEmpty { return [] }
        return decoder.list("condition", as: "conditions") { decoder in
            let logic = decoder.string("logicOperator")
            let alias = decoder.string("tableAlias").flatMap { $0.isEmpty ? nil : $0 }
            let column = decoder.required("columnName")
            let name = decoder.required("operator")
            let value = decoder.required("value")
            if let logic, !["and", "or"].contains(logic.lowercased()) {
                decoder.report("'logicOperator' is and or or, not \"\(logic)\"")
            }
            let comparison = Self.comparison(name, value)
            if comparison == nil, !name.isEmpty {
                decoder.report(
                    "the operator \"\(name)\" is not known",
                    hint: "eq, ne, gt, ge, lt, le, in, notIn, isNull, similar or like")
            }
            return SearchPredicate(
                logic: logic, alias: alias, column: column, comparison: comparison ?? "",
                inner: list(&decoder, isInner: true))
        }
    }

    private static func comparison(_ name: String, _ value: String) -> String? {
        switch name {
        case "eq": " = \(value)"
        case "ne": " <> \(value)"
        case "gt": " > \(value)"
        case "ge": " >= \(value)"
        case "lt": " < \(value)"
        case "le": " <= \(value)"
        case "in": " IN (\(value))"
        case "notIn": " NOT IN (\(value))"
        case "isNull": value == "false" ? " IS NOT NULL" : " IS NULL"
        case "similar": " ~ \(value)"
        case "like": " LIKE \(value)"
        default: nil
        }
    }
}

extension ChangeDecoder {
    /// Every element of a name, read, with their records in one field.
    mutating func list<Value>(
        _ element: String, as field: String, _ read: (inout ChangeDecoder) -> Value
    ) -> [Value] {
        var noted: [ChangeRecord] = []
        let values = list(element, { noted = $0 }, read)
        record(field, .list(noted))
        return values
    }

    /// Every element of a name, read; their records are handed on.
    mutating func list<Value>(
        _ element: String, _ note: ([ChangeRecord]) -> Void, _ read: (inout ChangeDecoder) -> Value
    ) -> [Value] {
        var values: [Value] = []
        var records: [ChangeRecord] = []
        for node in elements(element) {
            let (value, record) = nested(node, read)
            values.append(value)
            records.append(record)
        }
        note(records)
        return values
    }
}
