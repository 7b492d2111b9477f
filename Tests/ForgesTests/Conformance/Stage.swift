import Diagnostics
import ForgeDoubles
import Forges
import Foundation
import GitClient
import Logging
import NIOConcurrencyHelpers
import TestSupport

/// A host with one project, our adapter to it, and other people's hands.
///
/// What people do, they do at the host, not through the adapter: what the adapter says is compared with it.
struct Stage: Sendable {
    let host: Host
    let forge: any Forge
    let project: ProjectRef
    let master: RefName
    let clock: StageClock
    let place: Place

    /// Where the project lies.
    enum Place: Sendable {
        case folder(String, ScriptedRepository)
        case double(ForgeDouble, baseURL: String)
    }

    /// A candidate as its author knows it.
    struct Proposal: Sendable {
        let id: CandidateID
        let revision: ObjectID
        let number: Int
    }

    static let path = "land/registry"
    /// Our own account.
    static let login = "sluice"
    static let token = "sluice-token-0123456789"

    /// Sets the stage and plays.
    /// - Parameter pageLimit: The most items of a page that the host gives; nil for its own.
    static func with<R: Sendable>(
        _ host: Host, pageLimit: Int? = nil, _ body: @Sendable (Stage) async throws -> R
    ) async throws -> R {
        let clock = StageClock()
        return try await withTemporaryDirectory("stage") { directory in
            let project = try ProjectRef(path)
            let master = try RefName.branch("master")
            guard let type = host.type else {
                let repository = try await ScriptedRepository.create(at: "\(directory)/\(path).git")
                try await repository.git("symbolic-ref", "HEAD", "refs/heads/master")
                try await repository.push(["master.txt": "one\ntwo\nthree\n"], to: "master", message: "Begin")
                let forge = LocalForge(
                    name: "conformance", folder: directory, logger: Logger(label: "test"), now: { clock.date })
                return try await body(
                    Stage(
                        host: host, forge: forge, project: project, master: master, clock: clock,
                        place: .folder(directory, repository)))
            }
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let double = try ForgeDouble(
                ForgeDoubleConfiguration(
                    type: type, directory: directory,
                    gitLabVersion: host == .oldGitLab ? "12.10.14" : "17.4.2-ee", pageLimit: pageLimit,
                    now: { clock.date }), logger: logger)
            try await double.administer { world in
                for login in ["ada", "grace"] {
                    try await world.addToken("\(login)-token", for: try await world.addAccount(login))
                }
                let ours = try await world.addAccount(Self.login, isApp: host == .githubApp)
                try await world.addToken(Self.token, for: ours)
                try await world.addProject(path)
                try await world.commit(
                    ["master.txt": Array("one\ntwo\nthree\n".utf8)], on: "master", of: path, message: "Begin\n",
                    by: "ada")
            }
            return try await double.serving { baseURL in
                let stage = Stage(
                    host: host, forge: try await Self.adapter(of: host, at: baseURL, clock), project: project,
                    master: master, clock: clock, place: .double(double, baseURL: baseURL))
                return try await body(stage)
            }
        }
    }

    /// The double, when there is one.
    var double: ForgeDouble {
        get throws {
            guard case .double(let double, _) = place else { throw NoDouble() }
            return double
        }
    }

    private struct NoDouble: Error {}
}

/// The time as the hosts and the client take it. It goes on when somebody waits, and when it is told to.
final class StageClock: Sendable {
    private let time = NIOLockedValueBox((seconds: 0.0, waits: [Duration]()))

    /// The time of day.
    var date: Date { Date(timeIntervalSince1970: 1_772_444_411 + time.withLockedValue { $0.seconds.rounded(.down) }) }

    /// The time since the beginning.
    var monotonic: Duration { .seconds(time.withLockedValue { $0.seconds }) }

    /// What was waited for so far.
    var waits: [Duration] { time.withLockedValue { $0.waits } }

    func advance(by duration: Duration) { time.withLockedValue { $0.seconds += duration / .seconds(1) } }

    /// Waiting takes no time but the clock's.
    func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        time.withLockedValue { time in
            time.seconds += duration / .seconds(1)
            time.waits.append(duration)
        }
        await Task.yield()
    }
}
