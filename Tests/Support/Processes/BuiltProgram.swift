import Diagnostics
import Foundation

/// The programs that this test run has built.
public enum BuiltProgram {
    /// The program `sluice`, beside the tests' own.
    public static var sluice: String {
        get throws {
            let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            return URL(filePath: tests).deletingLastPathComponent().appending(path: "sluice").path(
                percentEncoded: false)
        }
    }
}

/// Waits until `look` finds something. The world outside of this process sends no signals, so it is looked at again
/// and again; how long that takes decides nothing.
public func eventually<Value>(_ what: String, _ look: () async throws -> Value?) async throws -> Value {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(600)
    while clock.now < end {
        if let value = try await look() { return value }
        try await clock.sleep(for: .milliseconds(30))
    }
    throw SluiceError("test.not-seen", .stalled, "waited in vain for \(what)")
}
