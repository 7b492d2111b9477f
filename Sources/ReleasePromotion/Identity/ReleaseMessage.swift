import Diagnostics
import GitClient

/// What merge commits say of themselves: a line at the end of the message from which the release is found again.
enum ReleaseMessage {
    /// What a merge was for.
    enum Purpose: String, CaseIterable {
        case promotion = "Sluice-Release"
        case rollback = "Sluice-Rollback"
        case sync = "Sluice-Sync"
    }

    /// The message of a merge.
    static func text(_ subject: String, _ purpose: Purpose, of release: ReleaseName) -> String {
        "\(subject)\n\n\(mark(purpose, of: release))\n"
    }

    /// The line from which it is found again.
    static func mark(_ purpose: Purpose, of release: ReleaseName) -> String { "\(purpose.rawValue): \(release)" }

    /// Somebody's text in which no line is a mark, or a command to the code host: those begin with a slash.
    static func harmless(_ text: String) -> String {
        let lines = text.replacingAll("\r\n", with: "\n").replacingAll("\r", with: "\n")
        return lines.parts(at: "\n").map { line in
            let bare = line.drop { $0.isWhitespace }
            let isMark = Purpose.allCases.contains { bare.utf8.starts(with: "\($0.rawValue):".utf8) }
            return isMark || bare.begins(with: "/") ? "> \(line)" : String(line)
        }.joined(separator: "\n")
    }

    /// What a message says it is for: the last such line counts, as of all trailers.
    static func read(_ message: String) -> (purpose: Purpose, release: ReleaseName)? {
        for line in message.words(at: "\n").reversed() {
            for purpose in Purpose.allCases {
                let mark = "\(purpose.rawValue): "
                guard line.utf8.starts(with: mark.utf8) else { continue }
                let parts = String(decoding: line.utf8.dropFirst(mark.utf8.count), as: UTF8.self).words(at: "/")
                guard parts.count == 2, let repository = parts.first, let release = parts.last else { return nil }
                return (purpose, ReleaseName(repository: String(repository), release: String(release)))
            }
        }
        return nil
    }
}
