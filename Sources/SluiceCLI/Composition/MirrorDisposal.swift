import Diagnostics
import Foundation
import Glibc
import ThreadExecution

/// Removes mirrors that nobody wants any more, on a thread of its own: a large one takes a while.
actor MirrorDisposal {
    private let executor = ThreadExecutor(name: "removal of mirrors")

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    deinit { executor.stop() }

    /// What the name of something that is set aside begins with.
    private static let mark = "removed-"

    /// Takes something out of its place, at once: whoever wants it again makes a new one there. False when that cannot be done.
    nonisolated static func setAside(_ path: String) -> Bool {
        let url = URL(filePath: path)
        guard !url.lastPathComponent.begins(with: mark) else { return true }
        return rename(path, url.deletingLastPathComponent().path + "/\(mark)\(UUID().uuidString)") == 0
    }

    /// Removes what was set aside in a folder, also by a process that died. False when something is left.
    func removeAll(in folder: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.begins(with: Self.mark) }.allSatisfy { name in
            (try? FileManager.default.removeItem(atPath: "\(folder)/\(name)")) != nil
        }
    }
}
