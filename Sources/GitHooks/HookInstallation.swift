import Diagnostics
import Foundation
import Glibc

/// Puts hooks into a repository's directory of hooks, beside those that are there: a hook of somebody else's is kept under
/// another name and called first.
public struct HookInstallation: Sendable {
    /// The directory of hooks.
    public let directory: String

    /// What was done, or would be.
    public enum Step: Hashable, Sendable, CustomStringConvertible {
        /// The hook is there already, word for word.
        case none(String)
        /// It is written; an older one of ours is replaced.
        case write(String)
        /// Somebody else's is kept under the second name, which ours calls first.
        case keep(String, as: String)
        /// Ours is removed.
        case remove(String)
        /// Somebody else's has its name back.
        case restore(String, from: String)

        /// The step in words.
        public var description: String {
            switch self {
            case .none(let path): "\(path): as it should be"
            case .write(let path): "\(path): written"
            case .keep(let path, let kept): "\(path): kept as \(kept), called first"
            case .remove(let path): "\(path): removed"
            case .restore(let path, let kept): "\(path): restored from \(kept)"
            }
        }
    }

    /// What is put behind the name of a hook of somebody else's.
    public static let keptSuffix = ".before-sluice"

    /// Makes an installation.
    public init(directory: String) { self.directory = directory }

    /// Puts a hook in place. Doing it again changes nothing.
    /// - Parameter isDry: Only says what would be done.
    /// - Throws: `hook.not-installed` when the directory cannot be written, or there is a kept hook already.
    public func install(_ hook: GitHook, isDry: Bool = false) throws -> [Step] {
        let (path, kept) = paths(hook)
        var steps: [Step] = []
        if let present = try content(path) {
            if present == Data(hook.script.utf8), FileManager.default.isExecutableFile(atPath: path) {
                return [.none(path)]
            }
            if !Self.isOurs(present) {
                // The same one there: an installation was broken off.
                guard try content(kept).map({ $0 == present }) ?? true else {
                    throw SluiceError(
                        "hook.not-installed", .stalled, "there is a hook \(path), and one that was kept before it",
                        hint: "look at \(kept), and remove it or put it where it belongs")
                }
                steps.append(.keep(path, as: kept))
            }
        }
        steps.append(.write(path))
        if !isDry { try carryOut(steps, hook) }
        return steps
    }

    /// Takes our hook away, and gives somebody else's its name back.
    public func uninstall(_ hook: GitHook, isDry: Bool = false) throws -> [Step] {
        let (path, kept) = paths(hook)
        guard let present = try content(path), Self.isOurs(present) else { return [] }
        let steps: [Step] = [.remove(path)] + (try content(kept) == nil ? [] : [.restore(path, from: kept)])
        if !isDry { try carryOut(steps, hook) }
        return steps
    }

    private func carryOut(_ steps: [Step], _ hook: GitHook) throws {
        let files = FileManager.default
        do {
            try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for step in steps {
                switch step {
                case .none: break
                case .keep(let path, let kept):
                    if try content(kept) == nil { try files.linkItem(atPath: path, toPath: kept) }
                case .write(let path):
                    // Made beside, whole and executable, and renamed: a push at any moment meets the old hook or the new one.
                    let new = "\(path).sluice-new"
                    try Data(hook.script.utf8).write(to: URL(filePath: new))
                    try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: new)
                    try Self.replace(path, by: new)
                case .restore(let path, let kept): try Self.replace(path, by: kept)
                case .remove(let path):
                    // The one that is restored takes its place.
                    if steps.count == 1 { try files.removeItem(atPath: path) }
                }
            }
        } catch {
            throw SluiceError(
                "hook.not-installed", .stalled, "the hooks in \(directory) cannot be changed",
                detail: String(describing: error), cause: error)
        }
    }

    private static func replace(_ path: String, by other: String) throws {
        guard rename(other, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    }

    private func paths(_ hook: GitHook) -> (String, String) {
        let path = "\(directory)/\(hook.rawValue)"
        return (path, path + Self.keptSuffix)
    }

    private func content(_ path: String) throws -> Data? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SluiceError("hook.not-installed", .stalled, "the hook \(path) cannot be read")
        }
        return data
    }

    /// Every hook of ours says so in its second line, with its own name before the colon.
    private static func isOurs(_ content: Data) -> Bool {
        let lines = String(decoding: content.prefix(400), as: UTF8.self).words(at: "\n").prefix(2)
        guard let second = lines.dropFirst().first else { return false }
        return GitHook.allCases.contains { second.begins(with: "# \($0.rawValue): ") && second.holds("Sluice") }
    }
}
