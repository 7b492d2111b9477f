public import Diagnostics

/// A forge as it was seen, and what we may do with its projects.
public struct ForgeObservation: Sendable {
    /// A project that something desired works on.
    public struct Project: Sendable {
        /// What works on it: `Registry/land`.
        public var subject: String
        /// Its path.
        public var path: String
        /// What is needed there, each by the word that people know it by.
        public var needs: [String]
        /// What we have of it by the host's word; nil for what the host does not tell.
        public var rights: Result<[String: Bool], SluiceError>
        /// The host's own word for how much we may do; nil when it has none.
        public var level: String?
        /// What lets a verdict outlive its evidence, or a merge go without one; nil where no verdicts are given.
        public var hazards: Result<[String], SluiceError>?

        /// Makes a project.
        public init(
            subject: String, path: String, needs: [String], rights: Result<[String: Bool], SluiceError>,
            level: String? = nil, hazards: Result<[String], SluiceError>? = nil
        ) {
            self.subject = subject
            self.path = path
            self.needs = needs
            self.rights = rights
            self.level = level
            self.hazards = hazards
        }
    }

    /// As whom we are known there.
    public var account: Result<String, SluiceError>
    /// What it says of our token, when it says anything; nil where there is none.
    public var token: Result<ForgeTokenObservation?, SluiceError>?
    /// How far its clock is ahead of ours; nil when it does not tell.
    public var clock: Duration?
    /// Whether it has a clock of its own: a folder of repositories does not.
    public var hasClock: Bool
    /// The projects.
    public var projects: [Project]

    /// Makes an observation.
    public init(
        account: Result<String, SluiceError>, token: Result<ForgeTokenObservation?, SluiceError>? = nil,
        clock: Duration? = nil, hasClock: Bool = true, projects: [Project] = []
    ) {
        self.account = account
        self.token = token
        self.clock = clock
        self.hasClock = hasClock
        self.projects = projects
    }

    /// What is found of it.
    public func findings(_ name: String) -> [Finding] {
        let subject = "Forge/\(name)"
        switch account {
        case .failure(let error):
            return [
                .failed(
                    "forge.account", of: subject, error,
                    fix: "see that its address and its token are right: sluice describe forge/\(name)")
            ]
        case .success(let account):
            let clock =
                hasClock ? [ClockDifference.finding("forge.clock", of: subject, clock, from: "the forge")] : []
            return [.ok("forge.account", of: subject, "it knows us as \(account)")] + tokenFindings(name) + clock
                + projects.flatMap(Self.findings)
        }
    }

    private func tokenFindings(_ name: String) -> [Finding] {
        let (check, subject) = (ForgeTokenObservation.check, "Forge/\(name)")
        switch token {
        case nil: return []
        case .success(let token?)?: return token.findings(name)
        case .success(nil)?:
            return [.notChecked(check, of: subject, "the forge says neither when our token ends nor what it is for")]
        case .failure(let error)?:
            return [
                .notChecked(
                    check, of: subject, "it cannot be asked what our token is: \(error.message)", fix: error.hint)
            ]
        }
    }

    private static func findings(_ project: Project) -> [Finding] { [rights(project)] + labels(project) }

    private static func rights(_ project: Project) -> Finding {
        let (check, path) = ("forge.rights", project.path)
        switch project.rights {
        case .failure(let error):
            return .failed(
                check, of: project.subject, error, fix: "let our account see \(path), or correct spec.project")
        case .success(let rights):
            let level = project.level.map { ", as \($0)" } ?? ""
            let missing = project.needs.filter { rights[$0] == false }
            guard missing.isEmpty else {
                return .failed(
                    check, of: project.subject,
                    "in \(path)\(level) our account may not \(missing.joined(separator: ", "))",
                    fix: "give it more: docs/how-to has a page for each type of forge")
            }
            let untold = project.needs.filter { rights[$0] == nil }
            guard untold.isEmpty else {
                return .notChecked(
                    check, of: project.subject,
                    "the forge does not say whether our account may \(untold.joined(separator: ", ")) in \(path)")
            }
            return .ok(
                check, of: project.subject,
                "in \(path)\(level) our account may \(project.needs.joined(separator: ", "))")
        }
    }

    private static func labels(_ project: Project) -> [Finding] {
        let check = "forge.label-rules"
        switch project.hazards {
        case nil: return []
        case .failure(let error)?:
            return [
                .notChecked(
                    check, of: project.subject, "the settings of \(project.path) cannot be read: \(error.message)",
                    fix: error.hint)
            ]
        case .success(let hazards)? where hazards.isEmpty:
            return [.ok(check, of: project.subject, "a verdict is asked for, and does not outlive its revision")]
        case .success(let hazards)?:
            return hazards.map {
                .warning(
                    check, of: project.subject, $0,
                    fix: "change the setting of \(project.path); docs/how-to has a page for each type of forge")
            }
        }
    }
}
