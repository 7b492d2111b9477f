package import Diagnostics
import Foundation
import Glibc

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
            throw unusable("\(error)")
        }
    }

    /// Makes a folder for one run.
    package func folder() throws(SluiceError) -> SandboxFolder {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let path = "\(directory)/\(UUID().uuidString.lowercased())"
            guard mkdir(path, 0o700) == 0 else { throw unusable(String(cString: strerror(errno))) }
            return SandboxFolder(path: path)
        } catch let error as SluiceError {
            throw error
        } catch {
            throw unusable("\(error)")
        }
    }

    private func unusable(_ detail: String) -> SluiceError {
        SluiceError(
            "sandbox.workspace-unusable", .transient, "content could not be exported for a sandbox",
            hint: "is the disk of the data directory full?", detail: "\(directory): \(detail)")
    }
}
