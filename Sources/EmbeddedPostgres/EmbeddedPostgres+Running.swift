import Diagnostics
import Foundation
public import PostgresClient

extension EmbeddedPostgres {
    /// Whether a cluster was made in a data directory.
    public static func exists(dataDirectory: String) -> Bool {
        FileManager.default.fileExists(atPath: ClusterLayout(root: dataDirectory).versionFile)
    }

    /// How the administrator of a cluster connects whose server another process runs; nil when there is none, or its
    /// password cannot be read.
    public static func running(dataDirectory: String) -> PostgresConfiguration? {
        let layout = ClusterLayout(root: dataDirectory)
        // The lines of PostgreSQL's file: process, directory, start, port, directory of the socket, address.
        guard let text = try? String(contentsOfFile: layout.processFile, encoding: .utf8),
            let password = try? String(contentsOfFile: layout.passwordFile, encoding: .utf8)
        else { return nil }
        let lines = text.parts(at: "\n").map(String.init)
        guard lines.count > 4, let port = UInt16(lines[3]) else { return nil }
        return PostgresConfiguration(
            host: lines[4].isEmpty ? "127.0.0.1" : lines[4], port: Int(port), user: ClusterDirectory.administrator,
            password: .init(password.trimmingCharacters(in: .whitespacesAndNewlines)), database: "postgres")
    }
}
