/// The statements that write rows, in the text that Liquibase sends.
extension BooksLayout {
    /// What a row says besides its changeset.
    struct RowContext: Sendable {
        var order: Int
        var execType: BookEntry.ExecType
        var deploymentID: String
        var engine: String
    }

    /// The statement that notes a changeset: a new row, or for one that ran again its old row.
    func record(_ prepared: PreparedChangeSet, _ context: RowContext) -> String {
        context.execType == .reran ? update(prepared, context) : insert(prepared, context)
    }

    private func insert(_ prepared: PreparedChangeSet, _ context: RowContext) -> String {
        let identity = prepared.identity
        var columns = [
            "ID", "AUTHOR", "FILENAME", "DATEEXECUTED", "ORDEREXECUTED", "MD5SUM", "DESCRIPTION", "COMMENTS",
            "EXECTYPE", "CONTEXTS", "LABELS", "LIQUIBASE", "DEPLOYMENT_ID",
        ]
        var values = [
            text(identity.id), text(identity.author), text(identity.path), "NOW()", String(context.order),
            text(prepared.checksum.description), text(prepared.description), text(comments(prepared)),
            text(context.execType.rawValue), text(prepared.changeSet.fullContext), text(prepared.changeSet.fullLabels),
            text(context.engine), text(context.deploymentID),
        ]
        if let tag = prepared.tag {
            columns.append("TAG")
            values.append(text(tag))
        }
        return """
            INSERT INTO \(tableName) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))
            """
    }

    private func update(_ prepared: PreparedChangeSet, _ context: RowContext) -> String {
        var settings = [
            ("COMMENTS", text(comments(prepared))), ("CONTEXTS", text(prepared.changeSet.fullContext)),
            ("DATEEXECUTED", "NOW()"), ("DEPLOYMENT_ID", text(context.deploymentID)),
            ("DESCRIPTION", text(prepared.description)), ("EXECTYPE", text(context.execType.rawValue)),
            ("LABELS", text(prepared.changeSet.fullLabels)), ("LIQUIBASE", text(context.engine)),
            ("MD5SUM", text(prepared.checksum.description)), ("ORDEREXECUTED", String(context.order)),
        ]
        if let tag = prepared.tag { settings.append(("TAG", text(tag))) }
        let list = settings.map { "\($0.0) = \($0.1)" }.joined(separator: ", ")
        return "UPDATE \(tableName) SET \(list) WHERE \(condition(prepared.identity))"
    }

    /// The statement that brings a checksum up to date.
    func updateChecksum(_ prepared: PreparedChangeSet) -> String {
        "UPDATE \(tableName) SET MD5SUM = \(text(prepared.checksum.description)) WHERE \(condition(prepared.identity))"
    }

    /// The statement that puts a tag on the last row.
    ///
    /// The latest date and the highest order need not be one row's: a clock may go back, and a restored table may begin
    /// to count anew.
    func setTag(_ tag: String) -> String {
        """
        UPDATE \(tableName) t SET TAG=\(text(tag)) FROM (SELECT DATEEXECUTED, ORDEREXECUTED FROM \(tableName) \
        ORDER BY DATEEXECUTED DESC, ORDEREXECUTED DESC LIMIT 1) sub \
        WHERE t.DATEEXECUTED=sub.DATEEXECUTED AND t.ORDEREXECUTED=sub.ORDEREXECUTED
        """
    }

    /// The statement that removes a changeset's row.
    func remove(_ identity: ChangeSet.Identity) -> String { "DELETE FROM \(tableName) WHERE \(condition(identity))" }

    /// The query whether a changeset has the row that a run would have written.
    func isRecorded(_ prepared: PreparedChangeSet, order: Int, deploymentID: String) -> String {
        """
        SELECT EXISTS (SELECT FROM \(tableName) WHERE \(condition(prepared.identity)) AND ORDEREXECUTED = \(order) \
        AND DEPLOYMENT_ID = \(text(deploymentID)))
        """
    }

    /// The query whether a changeset has no row.
    func isMissing(_ identity: ChangeSet.Identity) -> String {
        "SELECT NOT EXISTS (SELECT FROM \(tableName) WHERE \(condition(identity)))"
    }

    private func condition(_ identity: ChangeSet.Identity) -> String {
        "ID = \(text(identity.id)) AND AUTHOR = \(text(identity.author)) AND FILENAME = \(text(identity.path))"
    }

    private func comments(_ prepared: PreparedChangeSet) -> String {
        (prepared.changeSet.comment ?? "").trimmingSpace.limitedWithDots(to: 250)
    }

    private func text(_ value: String?) -> String {
        guard let value, value.uppercased() != "NULL" else { return "NULL" }
        return SQLValue.string(value)
    }
}
