import Diagnostics

/// Liquibase's options, as of 4.33.
extension LiquibaseOption {
    static let all = commandOptions + globalOptions + fixed + passedOver

    /// Those of commands.
    private static let commandOptions = [
        LiquibaseOption(name: "url"), LiquibaseOption(name: "username"), LiquibaseOption(name: "password"),
        LiquibaseOption(name: "default-schema-name"), LiquibaseOption(name: "changelog-file"),
        LiquibaseOption(name: "context-filter", aliases: ["contexts"]),
        LiquibaseOption(name: "label-filter", aliases: ["labels"]), LiquibaseOption(name: "tag"),
        LiquibaseOption(name: "tag-version"), LiquibaseOption(name: "count"), LiquibaseOption(name: "date"),
        LiquibaseOption(name: "format"), LiquibaseOption(name: "show-tags", kind: .flag),
        LiquibaseOption(name: "tag-filter"), LiquibaseOption(name: "schemas"),
        LiquibaseOption(name: "force", kind: .flag), LiquibaseOption(name: "verbose", kind: .switchable),
        LiquibaseOption(name: "changeset-identifier"), LiquibaseOption(name: "changeset-id"),
        LiquibaseOption(name: "changeset-author"), LiquibaseOption(name: "changeset-path"),
        LiquibaseOption(name: "reference-url"), LiquibaseOption(name: "reference-username"),
        LiquibaseOption(name: "reference-password"), LiquibaseOption(name: "diff-types"),
        LiquibaseOption(name: "snapshot-format"),
        // Our own.
        LiquibaseOption(name: "url-file"), LiquibaseOption(name: "password-file"), LiquibaseOption(name: "define"),
    ]

    private static let globalOptions = [
        LiquibaseOption(name: "search-path", isGlobal: true), LiquibaseOption(name: "classpath", isGlobal: true),
        LiquibaseOption(name: "liquibase-schema-name", aliases: ["schema-name"], isGlobal: true),
        LiquibaseOption(
            name: "liquibase-tablespace-name", aliases: ["database-changelog-tablespace-name"], isGlobal: true),
        LiquibaseOption(name: "database-changelog-table-name", isGlobal: true),
        LiquibaseOption(name: "database-changelog-lock-table-name", isGlobal: true),
        LiquibaseOption(name: "changelog-lock-wait-time-in-minutes", isGlobal: true),
        LiquibaseOption(name: "changelog-lock-poll-rate", isGlobal: true),
        LiquibaseOption(name: "output-file", isGlobal: true), LiquibaseOption(name: "defaults-file", isGlobal: true),
        LiquibaseOption(name: "strict", isGlobal: true, kind: .flag),
        LiquibaseOption(name: "should-run", isGlobal: true, kind: .flag),
    ]

    /// Those whose other values would change what is done.
    private static let fixed =
        [
            ("file-encoding", ["utf-8", "utf8"]), ("output-file-encoding", ["utf-8", "utf8"]),
            ("output-default-schema", ["true"]), ("output-default-catalog", ["true"]),
            ("always-override-stored-logic-schema", ["false"]), ("convert-data-types", ["true"]),
            ("always-drop-instead-of-replace", ["false"]), ("allow-duplicated-changeset-identifiers", ["false"]),
            ("preserve-schema-case", ["false"]), ("support-property-escaping", ["false"]),
            ("use-procedure-schema", ["true"]), ("missing-property-mode", ["preserve"]),
            ("changelog-parse-mode", ["strict"]), ("trim-load-data-file-header", ["false"]),
            ("on-missing-include-changelog", ["fail"]), ("on-missing-sql-file", ["fail"]),
            ("include-matching-tag-in-rollback-oldest", ["true"]), ("suppress-liquibase-sql", ["false"]),
            ("preserve-classpath-prefix-in-normalized-paths", ["false"]), ("secure-parsing", ["true"]),
            ("driver", ["org.postgresql.Driver"]), ("require-force", ["false"]),
            ("output-line-separator", ["\\n", "\n"]),
        ].map { LiquibaseOption(name: $0.0, isGlobal: !$0.0.begins(with: "output-default"), meaning: .only($0.1)) }
        + [
            "rollback-script", "change-exec-listener-class", "change-exec-listener-properties-file",
            "property-provider-class", "driver-properties-file", "database-class", "report-enabled",
        ].map { LiquibaseOption(name: $0, meaning: .only($0 == "report-enabled" ? ["false"] : [])) }

    /// Those on which nothing depends: they are about Java, logs, Liquibase's services and other databases.
    private static let passedOver =
        [
            "headless", "include-system-classpath", "show-banner", "analytics-enabled",
            "mirror-console-messages-to-log", "auto-reorg", "generate-changeset-created-values",
            "generated-changeset-ids-contains-description", "include-catalog-in-specification",
            "include-relations-for-computed-columns", "include-schema-name-for-default", "should-snapshot-data",
            "diff-column-order", "filter-log-messages", "add-empty-mdc-values", "show-hidden-args",
            "prompt-for-non-local-database", "validate-xml-changelog-files", "error-on-circular-include-all",
            "workaround-oracle-clob-character-limit", "sql-show-sql-warnings", "sql-always-set-fetch-size",
        ].map { LiquibaseOption(name: $0, isGlobal: true, kind: .flag, meaning: .passedOver) }
        + [
            "log-level", "log-file", "log-format", "log-channels", "sql-log-level", "defaultlogger-level", "hub-mode",
            "hub-api-key", "hub-url", "hub-log-level", "ddl-lock-timeout", "liquibase-catalog-name",
            "default-catalog-name", "ui-service", "supports-method-validation-level", "show-summary",
            "show-summary-output", "license-key", "liquibase-pro-license-key", "monitor-performance",
            "analytics-log-level", "duplicate-file-mode",
        ].map { LiquibaseOption(name: $0, isGlobal: true, meaning: .passedOver) }

    /// Whether a defaults file has the key for a command that is not ours, or for what Liquibase sells.
    static func isForeign(_ key: String) -> Bool {
        let key = self.key(key)
        let name = key.rest(after: "liquibase").map(String.init) ?? key
        let bare = name.rest(after: "command").map(String.init) ?? name
        return [
            "reference", "diff", "exclude", "include", "changeset", "snapshot", "dataoutput", "outputdirectory", "sql",
            "delimiter", "overwriteoutput", "pro", "hub", "report", "checks", "psql", "flow", "generate", "dbdoc",
        ].contains { bare.begins(with: $0) }
    }
}
