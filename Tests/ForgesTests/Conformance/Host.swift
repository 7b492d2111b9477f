import ForgeDoubles
import Testing

/// The hosts whose adapters keep one contract.
enum Host: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case local
    case gerrit
    case gitlab
    /// A GitLab before `detailed_merge_status` and `add_labels`.
    case oldGitLab
    case github
    /// GitHub, by the token of an App's installation.
    case githubApp
    case gitee

    /// Those that are reached over HTTP.
    static let remote = allCases.filter { $0.type != nil }

    /// The language of the host's double; nil for a folder of repositories.
    var type: ForgeType? {
        switch self {
        case .local: nil
        case .gerrit: .gerrit
        case .gitlab, .oldGitLab: .gitlab
        case .github, .githubApp: .github
        case .gitee: .gitee
        }
    }

    var testDescription: String { rawValue }
}
