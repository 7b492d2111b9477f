/// The settings a private cluster is started with. They stand on the command line, where neither `postgresql.conf` nor
/// an `ALTER SYSTEM` of a session can change them.
enum ServerSettings {
    static func make(
        _ configuration: EmbeddedPostgresConfiguration, layout: ClusterLayout, endpoint: ServerEndpoint,
        majorVersion: Int
    ) -> [String: String] {
        var settings = [
            "listen_addresses": endpoint.listensOnLoopback ? "127.0.0.1" : "",
            "port": String(endpoint.port),
            "unix_socket_directories": endpoint.hasSocket ? layout.socketDirectory : "",
            "max_connections": String(configuration.maximumConnections),
            "password_encryption": "scram-sha-256",
            "temp_file_limit": "\(configuration.temporaryFileLimit)MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "lc_messages": "C",
            // A week of logs, a file a day, each overwritten after a week.
            "logging_collector": "on",
            "log_directory": layout.logDirectory,
            "log_filename": "postgresql-%a.log",
            "log_truncate_on_rotation": "on",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
        ]
        // A statement whose client is gone is given up, instead of running on for nobody.
        if majorVersion >= 14 { settings["client_connection_check_interval"] = "2s" }
        if configuration.durability == .disposable {
            let disposable = [
                "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "wal_level": "minimal",
                "max_wal_senders": "0", "archive_mode": "off",
            ]
            settings.merge(disposable) { _, new in new }
        }
        return settings.merging(configuration.settings) { _, own in own }
    }

    static func arguments(_ settings: [String: String]) -> [String] {
        settings.sorted { $0.key < $1.key }.flatMap { ["-c", "\($0.key)=\($0.value)"] }
    }
}

/// By which way a server is reached.
struct ServerEndpoint: Sendable, Hashable {
    /// The TCP port, and the number in the socket's name.
    var port: Int
    var listensOnLoopback: Bool
    var hasSocket: Bool
}
