import ChildProcess
import Diagnostics
import Foundation
import Terminal
import TestSupport

@testable import SluiceCLI

/// A real `sluice serve` process, on a configuration made from the demonstration's.
struct ServedController {
    let process: RunningChild
    let client: ControlClient
    /// The file that the process writes its log to.
    let log: String

    /// Starts a controller and returns when it takes requests.
    /// - Parameter patience: How long a request may wait: on a busy machine for longer than a person would.
    static func start(
        _ directories: DemoDirectories, desiredState: [String]? = nil, failpoint: String? = nil,
        environment more: [String: String] = [:], token: String? = nil, patience: Duration = .seconds(600)
    ) async throws -> ServedController {
        let log = "\(directories.root)/serve-\(UInt32.random(in: .min ... .max)).log"
        var environment = more
        environment["PATH"] = "/usr/local/bin:/usr/bin:/bin"
        environment["SLUICE_FAILPOINT"] = failpoint
        let child = Child(
            try BuiltProgram.sluice,
            ["serve"] + (desiredState ?? ["--config", directories.config])
                + ["--data", directories.data, "--listen", "127.0.0.1:0"],
            environment: environment)
        let process = try await child.start(output: .appended(toFile: log))
        let address = try await eventually("the controller to listen; see \(log)") {
            let text = try? String(contentsOfFile: log, encoding: .utf8)
            return text?.firstMatch(of: /listens on (http:\S+)/).map { String($0.1) }
        }
        let client = try ControlClient(server: address, token: token.map { Secret($0) }, deadline: patience)
        return ServedController(process: process, client: client, log: log)
    }
}
