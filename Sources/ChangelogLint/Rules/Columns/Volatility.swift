import SQLSyntax

/// Which functions give one value for a whole statement.
enum Volatility {
    /// Built-in functions that are immutable or stable. A function that is not here may be volatile: those of users are,
    /// unless they say otherwise.
    private static let stable: Set<String> = [
        "abs", "array_append", "array_fill", "btrim", "ceil", "coalesce", "concat", "concat_ws", "current_catalog",
        "current_database", "current_date", "current_role", "current_schema", "current_setting", "current_time",
        "current_timestamp", "current_timestamp_n", "current_time_n", "current_user", "date_part", "date_trunc",
        "decode", "encode", "floor", "format", "initcap", "json_build_array", "json_build_object", "jsonb_build_array",
        "jsonb_build_object", "left", "length", "localtime", "localtime_n", "localtimestamp", "localtimestamp_n",
        "lower", "lpad", "ltrim", "make_date", "make_interval", "make_time", "make_timestamp", "make_timestamptz",
        "md5", "now", "numrange", "tstzrange", "daterange", "int4range", "int8range", "point",
        "quote_ident", "quote_literal", "repeat", "replace", "right", "round", "rpad", "rtrim", "session_user",
        "statement_timestamp", "string_to_array", "substr", "substring", "timezone", "to_char", "to_date", "to_json",
        "to_jsonb", "to_number", "to_timestamp", "to_tsvector", "transaction_timestamp", "trim", "trunc", "upper",
        "user", "uuid_nil",
    ]

    /// Whether a function is known to give one value for a whole statement.
    static func isStable(_ function: QualifiedName) -> Bool { function.schema == nil && stable.contains(function.name) }
}
