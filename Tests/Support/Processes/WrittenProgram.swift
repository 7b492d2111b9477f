import ChildProcess
import Diagnostics

/// Writes a program that can be run at once, and the directory it lies in.
///
/// Another process writes it. While this one has a file open for writing, so has every child that another test is just
/// starting, and what anybody has open for writing cannot be run: "Text file busy".
public func writeProgram(_ text: String, to path: String) async throws {
    let child = Child(
        "/bin/dash", ["-c", "mkdir -p \"$(dirname \"$0\")\" && cat >\"$0\" && chmod 755 \"$0\"", path],
        environment: ["PATH": "/usr/bin:/bin"], input: Array(text.utf8))
    let result = try await child.run()
    guard result.status.isSuccess else { throw SluiceError("test.not-written", .stalled, result.errorText) }
}
