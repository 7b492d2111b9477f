extension SearchQuery {
    /// The query's text.
    var sql: String {
        var columns: [String] = []
        var order: [String] = []
        var groups: [String] = []
        var isGrouped = false
        for table in tables {
            for column in table.allColumns {
                let name = table.prefix + column.name
                columns.append(name + (column.alias.map { " AS \($0)" } ?? ""))
                groups.append(name)
                guard let sorting = column.sorting else { continue }
                order.append(name + (sorting.lowercased() == "desc" ? " DESC" : ""))
            }
            for function in table.functions {
                // The last function decides, as in the platform's own tool.
                isGrouped = function.window == nil
                let name = table.prefix + function.column
                columns.append(function.sql(over: name))
                // A column that is counted or summed is neither given back nor grouped by.
                if let index = groups.firstIndex(of: name) { groups.remove(at: index) }
                if let index = columns.firstIndex(of: name) { columns.remove(at: index) }
            }
        }
        var text = "SELECT \(columns.joined(separator: ", "))" + from
        if !conditions.isEmpty { text += " WHERE \(SearchPredicate.sql(conditions, isEnclosed: false))" }
        if isGrouped, !groups.isEmpty { text += " GROUP BY \(groups.joined(separator: ", "))" }
        if !order.isEmpty { text += " ORDER BY \(order.joined(separator: ", "))" }
        return text
    }

    /// ` FROM a AS x LEFT JOIN b AS y ON (…)`
    private var from: String {
        guard let first = tables.first else { return "" }
        var text = " FROM \(first.name)" + (first.alias.map { " AS \($0)" } ?? "")
        var left = Array(tables.dropFirst())
        for join in joins {
            let index = left.firstIndex { $0.alias == join.left.alias || $0.alias == join.right.alias }
            let table = index.map { left.remove(at: $0) }
            text += " \(join.type.uppercased()) JOIN "
            text += table.map { "\($0.name) AS \($0.alias ?? "")" } ?? ""
            let pairs = zip(join.left.columns, join.right.columns).map { left, right in
                "(\(join.left.alias).\(left) = \(join.right.alias).\(right))"
            }
            text += " ON \(pairs.joined(separator: " AND "))" + SearchPredicate.sql(join.conditions, isEnclosed: false)
        }
        return text
    }
}

extension SearchFunction {
    /// `COUNT(t.id) AS count`
    func sql(over name: String) -> String {
        let isNumbering = self.name.lowercased() == "row_number"
        var text = "\(self.name.uppercased())("
        if !isNumbering { text += name + (parameter.map { ", \($0)" } ?? "") }
        text += ") "
        if let window { text += "OVER (\(window)) " }
        return text + "AS \(alias)"
    }
}

extension SearchPredicate {
    /// Conditions with those inside them, each in parentheses.
    static func sql(_ conditions: [SearchPredicate], isEnclosed: Bool) -> String {
        var text = ""
        for (index, condition) in conditions.enumerated() {
            let isOuter = conditions.count > 1 && !condition.inner.isEmpty
            if let logic = condition.logic { text += " \(logic) " }
            if isOuter { text += "(" }
            if index == 0, isEnclosed { text += "(" }
            text += "(\(condition.alias.map { "\($0)." } ?? "")\(condition.column)\(condition.comparison))"
            text += sql(condition.inner, isEnclosed: condition.inner.count > 1)
            if isOuter { text += ")" }
        }
        return isEnclosed ? text + ")" : text
    }
}
