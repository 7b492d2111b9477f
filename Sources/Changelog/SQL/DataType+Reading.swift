import Diagnostics

extension DataType {
    static let twoWordNames = [
        "bit varying", "character varying", "long varchar", "long nvarchar", "long binary", "long varbinary",
    ]

    static let kinds: [String: Kind] = {
        let names: [(Kind, String)] = [
            (
                .bigint,
                "bigint integer8 bigserial serial8 int8 java.math.biginteger java.lang.long java.sql.types.bigint"
            ),
            (.blob, "blob longblob longvarbinary varbinary binary image tinyblob mediumblob"),
            (.blob, "java.sql.types.blob java.sql.types.longblob java.sql.types.longvarbinary"),
            (.blob, "java.sql.types.varbinary java.sql.types.binary"),
            (.boolean, "boolean bit bool java.sql.types.boolean java.lang.boolean"),
            (.char, "char bpchar character java.sql.types.char"),
            (.clob, "clob longvarchar text longtext nclob longnvarchar ntext tinytext mediumtext"),
            (.clob, "java.sql.types.longvarchar java.sql.types.clob java.sql.types.longnvarchar java.sql.types.nclob"),
            (.currency, "currency money smallmoney"),
            (.date, "date java.sql.types.date java.sql.date"),
            (.datetime, "datetime smalldatetime datetime2 java.sql.types.datetime java.util.date"),
            (.decimal, "decimal java.sql.types.decimal java.math.bigdecimal"),
            (.double, "double java.sql.types.double java.lang.double"),
            (.float, "float real java.sql.types.float java.lang.float java.sql.types.real"),
            (.function, "function liquibase.statement.databasefunction"),
            (.int, "int integer serial int4 serial4 java.sql.types.integer java.lang.integer"),
            (.mediumint, "mediumint"),
            (.nchar, "nchar nchar2 java.sql.types.nchar"),
            (.nvarchar, "nvarchar nvarchar2 national java.sql.types.nvarchar"),
            (.number, "number numeric java.sql.types.numeric"),
            (.smallint, "smallint int2 smallserial java.sql.types.smallint"),
            (.time, "time timetz java.sql.types.time java.sql.time"),
            (.timestamp, "timestamp timestamptz java.sql.types.timestamp java.sql.types.timestamp_with_timezone"),
            (.timestamp, "java.sql.timestamp"),
            (.tinyint, "tinyint java.sql.types.tinyint"),
            (.uuid, "uuid uniqueidentifier java.util.uuid"),
            (.varchar, "varchar varchar2 java.sql.types.varchar java.lang.string"),
            (.xml, "xml xmltype java.sql.types.sqlxml"),
        ]
        var table: [String: Kind] = [
            "character varying": .varchar, "long binary": .blob, "long varbinary": .blob, "long varchar": .clob,
            "long nvarchar": .clob,
        ]
        for (kind, list) in names {
            for name in list.words(at: " ") { table[String(name)] = kind }
        }
        return table
    }()

    /// The text before the first `(` and behind the last `)` after it.
    static func cutParentheses(_ text: String) -> (String, String)? {
        guard let open = text.unicodeScalars.firstIndex(of: "("), open != text.startIndex,
            let close = text.unicodeScalars.lastIndex(of: ")"), open < close
        else { return nil }
        let before = String(text[..<open])
        let end = before.lastIndex { !$0.isWhitespace }.map(before.index(after:)) ?? before.startIndex
        return (String(before[..<end]), String(text[text.index(after: close)...]))
    }

    static func parameters(of description: String, kind: Kind) -> [String] {
        guard let open = description.unicodeScalars.firstIndex(of: "("), open != description.startIndex else {
            return []
        }
        let inner = description[description.index(after: open)...].prefix { $0 != ")" }
        let isCharacter = [.char, .varchar, .nchar, .nvarchar].contains(kind)
        return inner.words(at: ",").compactMap { part in
            let parameter = String(part).trimmedOrNil
            return isCharacter ? parameter?.replacingFirst(" BYTE", with: "") : parameter
        }
    }

    static func unquoted(_ name: String) -> String {
        for (open, close) in [("\"", "\""), ("[", "]"), ("`", "`"), ("'", "'")] where name.begins(with: open) {
            let rest = name.dropFirst()
            guard let end = rest.exactRange(of: close) else { continue }
            let behind = rest[end.upperBound...]
            if !behind.contains(close) { return String(rest[..<end.lowerBound]) + String(behind) }
        }
        return name
    }

    /// `20 CHAR` without its unit.
    static func withoutCharUnit(_ parameter: String) -> String {
        guard parameter.uppercased().ends(with: "CHAR") else { return parameter }
        let number = String(parameter.dropLast(4)).trimmingSpace
        return number.last?.isNumber == true ? number : parameter
    }
}
