import ChildProcess
import Diagnostics
import Glibc
import Sandbox

/// The programs of Puppet's that this machine has, run in a sandbox: no network, nothing to read but the system and the
/// manifests, limits on everything.
///
/// Manifests are other people's files, and programs that read them have had holes. Where there is no sandbox, nothing is
/// run, and the report says so.
public struct PuppetPrograms: Sendable {
    /// The private directory that manifests are exported to, a folder for each run.
    private let directory: String
    private let find: @Sendable (_ places: [String]) -> String?

    /// Makes the programs of this machine.
    ///
    /// - Parameter directory: An absolute path. What an earlier process left there is removed before this one begins.
    public init(directory: String) {
        self.init(directory: directory) { places in places.first { access($0, X_OK) == 0 } }
    }

    init(directory: String, find: @escaping @Sendable (_ places: [String]) -> String?) {
        self.directory = directory
        self.find = find
    }

    /// The tools by name, and where each is; nil for one that is not installed.
    public var installed: [(name: String, path: String?)] {
        [PuppetTool.parser, .lint].map { ($0.name, path(of: $0)) }
    }

    /// Where a tool is; nil when it is not installed.
    func path(of tool: PuppetTool) -> String? { find(tool.places) }

    /// Asks a tool about files, all in one process.
    ///
    /// - Throws: `sandbox.workspace-unusable`; `CancellationError`. That the tool cannot be run or breaks off is an answer.
    func ask(_ tool: PuppetTool, about files: [SandboxFile]) async throws -> PuppetTool.Answer {
        guard let program = path(of: tool) else { return .failed("\(tool.name) is not installed") }
        guard files.reduce(0, { $0 + $1.path.utf8.count + 3 }) <= PuppetTool.pathBytes else {
            return .failed("there are too many manifests for one call of \(tool.name)")
        }
        let sandbox = Sandbox(
            confinement: .bubblewrap, network: .none, readable: Self.homes(of: program), isRoot: geteuid() == 0,
            account: Sandbox.anyAccount())
        do {
            let result = try await SandboxWorkspace(directory: directory).withFolder { folder in
                try await folder.write(files, as: "content")
                try await folder.writeAccounts(sandbox.account)
                let command = Sandbox.Command(
                    program: program, arguments: tool.arguments + files.map { "./\($0.path)" },
                    content: folder.directory(of: "content"),
                    accounts: folder.accounts, deadline: Self.deadline)
                return try await sandbox.child(command).run()
            }
            return tool.read(
                ToolOutput(
                    isSuccess: result.status.isSuccess, output: result.standardOutput, errors: result.errorText,
                    files: Set(files.map(\.path))))
        } catch let error as ChildError {
            return .failed(error.sluiceError.message)
        }
    }

    private static let deadline: Duration = .seconds(120)

    /// What a program outside of the system's own directories brings along.
    private static func homes(of program: String) -> [String] {
        program.begins(with: "/opt/puppetlabs/") ? ["/opt/puppetlabs"] : []
    }
}
