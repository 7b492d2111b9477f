import ChildProcess
public import Diagnostics
import Glibc
public import PostgresClient
import Sandbox

extension MigrationPrograms {
    /// Makes sure that what the operator said can be done on this machine; called when the controller starts.
    ///
    /// - Throws: `migration.program-unusable`, `migration.sandbox-unusable`, `migration.sandbox-needed`.
    public func check() async throws {
        guard !programs.isEmpty else { return }
        if confinement == .none, geteuid() == 0 {
            throw SluiceError(
                "migration.sandbox-needed", .stalled, "root does not run migration programs without a sandbox",
                hint: "start the controller as an ordinary user, or leave --migration-sandbox out")
        }
        for path in readable where !path.begins(with: "/") || access(path, R_OK) != 0 {
            throw SluiceError(
                "migration.program-unusable", .stalled, "--migration-readable \(path) is not there",
                hint: "name an absolute path of a directory")
        }
        for (name, path) in programs.sorted(by: { $0.key < $1.key }) { try check(path, named: name) }
        guard confinement == .bubblewrap else { return }
        try await probe()
    }

    /// Why programs cannot get at a database server; nil when they can.
    public func refusal(reaching login: PostgresConfiguration) -> SluiceError? {
        guard confinement == .bubblewrap, network == .none else { return nil }
        return DatabaseVariables(login, socketDirectory: nil).socket == nil ? Self.noNetwork : nil
    }

    private func check(_ path: String, named name: String) throws(SluiceError) {
        guard path.begins(with: "/"), access(path, X_OK) == 0 else {
            throw SluiceError(
                "migration.program-unusable", .stalled, "the migration program \(name) cannot be run from \(path)",
                hint: "name the absolute path of an executable")
        }
        let visible = Sandbox.visibleDirectories + readable
        guard confinement == .none || visible.contains(where: { path.begins(with: "\($0)/") }) else {
            throw SluiceError(
                "migration.program-unusable", .stalled, "the sandbox does not show \(path)",
                hint: "add --migration-readable with the directory of the program and its libraries")
        }
    }

    /// Runs something harmless in the sandbox, as a program would be.
    private func probe() async throws {
        let sandbox = sandbox()
        let hint = "install bubblewrap, allow user namespaces, or trust the authors and say --migration-sandbox none"
        let detail: String
        do {
            let result = try await SandboxWorkspace(directory: directory).withFolder { folder in
                try await folder.write([SandboxFile(path: "probe", bytes: [])], as: "content")
                try await folder.writeAccounts(sandbox.account)
                let command = Sandbox.Command(
                    program: "/usr/bin/test", arguments: ["-f", "probe"], content: folder.directory(of: "content"),
                    accounts: folder.accounts, deadline: .seconds(30))
                return try await sandbox.child(command).run()
            }
            guard !result.status.isSuccess else { return }
            detail = TextScrubber().scrub(result.errorText)
        } catch let error as ChildError {
            detail = error.sluiceError.message
        }
        throw SluiceError(
            "migration.sandbox-unusable", .stalled, "migration programs cannot be sandboxed on this machine: \(detail)",
            hint: hint, detail: detail)
    }
}
