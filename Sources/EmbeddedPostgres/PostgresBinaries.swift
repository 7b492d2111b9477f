import ChildProcess
import Diagnostics
import Foundation

/// The programs of one PostgreSQL installation.
struct PostgresBinaries: Sendable, Hashable {
    let directory: String
    let majorVersion: Int

    var initdb: String { "\(directory)/initdb" }
    var postgres: String { "\(directory)/postgres" }

    /// Where Debian and its relatives install PostgreSQL, one directory a major version.
    static let packages = "/usr/lib/postgresql"

    /// Finds the installation to use.
    ///
    /// - Parameter version: the major version that made the cluster, which alone can run it; nil for the newest.
    static func find(explicit: String?, version: Int?) async throws -> PostgresBinaries {
        var candidates: [String] = []
        if let explicit {
            candidates = [explicit]
        } else {
            let versions = (try? FileManager.default.contentsOfDirectory(atPath: packages)) ?? []
            candidates = versions.compactMap { Int($0) }.sorted(by: >).map { "\(packages)/\($0)/bin" }
            if let configured = try? await bindirOfConfiguration() { candidates.append(configured) }
        }
        var trouble: (any Error)?
        for directory in candidates {
            do {
                guard let binaries = try await inspect(directory) else { continue }
                if version == nil || binaries.majorVersion == version { return binaries }
            } catch {
                // Another installation may do. If none does, this one may well have been it.
                trouble = trouble ?? error
            }
        }
        if let trouble { throw trouble }
        throw SluiceError(
            "embedded-postgres.binaries-not-found", .stalled,
            version.map { "the cluster was made by PostgreSQL \($0), which is not installed" }
                ?? "PostgreSQL's server programs are not installed",
            hint: version.map { "apt-get install postgresql-\($0)" } ?? "apt-get install postgresql",
            detail: "looked in \(candidates.joined(separator: ", "))")
    }

    /// Asks the server program for its version: `postgres (PostgreSQL) 15.20 (Debian …)`.
    ///
    /// - Returns: nil where there is no such program. One that does not answer is an error: it may well be there.
    private static func inspect(_ directory: String) async throws -> PostgresBinaries? {
        guard FileManager.default.isExecutableFile(atPath: "\(directory)/postgres") else { return nil }
        let result = try await Child("\(directory)/postgres", ["--version"], deadline: .seconds(60)).run()
        let words = result.outputText.words(at: " ")
        guard result.status.isSuccess, FileManager.default.isExecutableFile(atPath: "\(directory)/initdb"),
            let number = words.dropFirst(2).first?.prefix(while: \.isNumber), let version = Int(number)
        else { return nil }
        return PostgresBinaries(directory: directory, majorVersion: version)
    }

    private static func bindirOfConfiguration() async throws -> String? {
        let path = ["PATH": "/usr/local/bin:/usr/bin:/bin"]
        let result = try await Child("pg_config", ["--bindir"], environment: path, deadline: .seconds(10)).run()
        return result.status.isSuccess ? result.outputText.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }
}
