package import Diagnostics
import Foundation

/// The private directory that content is exported to: a fresh folder for each run, removed after it.
package struct SandboxWorkspace: Sendable {
    /// Its absolute path.
    package let directory: String

    /// Names the directory; nothing is made yet.
    package init(directory: String) { self.directory = directory }

    /// Removes what an earlier process left behind. Only to be called while no run is under way.
    package func sweep() throws(SluiceError) {
        guard FileManager.default.fileExists(atPath: directory) else { return }
        do {
            try FileManager.default.removeItem(atPath: directory)
        } catch {
            throw Self.unusable("\(directory): \(error)")
        }
    }

    /// Calls `body` with a fresh folder for one run, which is gone when this returns or throws.
    ///
    /// - Throws: `sandbox.workspace-unusable`, transient.
    package func withFolder<Result: Sendable>(_ body: (SandboxFolder) async throws -> Result) async throws -> Result {
        let folder = SandboxFolder(path: "\(directory)/\(UUID().uuidString.lowercased())")
        try await folder.make(in: directory)
        do {
            let result = try await body(folder)
            await folder.remove()
            return result
        } catch {
            await folder.remove()
            throw error
        }
    }

    static func unusable(_ detail: String) -> SluiceError {
        SluiceError(
            "sandbox.workspace-unusable", .transient, "content could not be exported for a sandbox",
            hint: "is the disk of the data directory full?", detail: detail)
    }
}
