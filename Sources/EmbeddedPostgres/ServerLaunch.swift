import ChildProcess
import Diagnostics
import Foundation
import Glibc
import Logging
import PostgresClient

/// Starts the server's process and waits until it answers.
struct ServerLaunch: Sendable {
    let configuration: EmbeddedPostgresConfiguration
    let layout: ClusterLayout
    let account: ServerAccount
    let binaries: PostgresBinaries
    let password: Secret<String>

    /// How often a start is repeated when it failed for a reason that passes.
    private static let attempts = 10

    /// Starts the server. What passes by itself is tried again: a free port that was taken in the meantime, and shared
    /// memory that sessions of a killed server are about to let go.
    func run() async throws -> (server: RunningChild, endpoint: ServerEndpoint) {
        var attempt = 1
        while true {
            let endpoint = try chooseEndpoint()
            do {
                return (try await start(at: endpoint), endpoint)
            } catch let error as SluiceError where attempt < Self.attempts && passes(error) {
                configuration.logger.notice(
                    "starting the database server once more", metadata: ["attempt": "\(attempt)"])
                attempt += 1
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }

    private func passes(_ error: SluiceError) -> Bool {
        let words = error.detail ?? ""
        return words.holds("pre-existing shared memory block")
            || (configuration.port == .free && words.holds("could not create any TCP/IP sockets"))
    }

    private func start(at endpoint: ServerEndpoint) async throws -> RunningChild {
        try? FileManager.default.removeItem(atPath: layout.startupLog)
        let server = try await serverChild(at: endpoint).start(output: .appended(toFile: layout.startupLog))
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    let status = try await server.waitForExit()
                    throw notStarted("it ended with \(status)")
                }
                group.addTask { try await waitForAnswer(login(at: endpoint)) }
                defer { group.cancelAll() }
                try await group.next()
            }
            return server
        } catch {
            _ = try? await server.stop(signal: SIGINT, grace: .seconds(10))
            throw error
        }
    }

    private func serverChild(at endpoint: ServerEndpoint) throws -> Child {
        let settings = ServerSettings.make(
            configuration, layout: layout, endpoint: endpoint, majorVersion: binaries.majorVersion)
        return try account.child(
            binaries.postgres, ["-D", layout.cluster] + ServerSettings.arguments(settings),
            workingDirectory: layout.root, deathSignal: configuration.durability == .durable ? .fast : .immediate)
    }

    private func waitForAnswer(_ login: PostgresConfiguration) async throws {
        let end = ContinuousClock.now + configuration.startTimeout
        while true {
            do {
                return await (try PostgresConnection.open(login)).close()
            } catch let error as PostgresError where error.kind == .connect {
                guard ContinuousClock.now < end else { throw notStarted("it does not answer", cause: error) }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func notStarted(_ what: String, cause: (any Error)? = nil) -> SluiceError {
        let words = (try? String(contentsOfFile: layout.startupLog, encoding: .utf8)) ?? ""
        return SluiceError(
            "embedded-postgres.not-started", .transient, "the private database server did not start: \(what)",
            hint: "its logs are in \(layout.logDirectory)", detail: String(words.suffix(4096)), cause: cause)
    }

    // MARK: Ways in

    /// How the administrator reaches a server at `endpoint`.
    func login(at endpoint: ServerEndpoint) -> PostgresConfiguration {
        PostgresConfiguration(
            host: endpoint.hasSocket ? layout.socketDirectory : "127.0.0.1", port: endpoint.port,
            user: ClusterDirectory.administrator, password: password, database: "postgres")
    }

    private func chooseEndpoint() throws -> ServerEndpoint {
        let hasSocket = layout.hasRoomForSocket
        switch configuration.port {
        case .none:
            guard hasSocket else {
                throw SluiceError(
                    "embedded-postgres.path-too-long", .stalled,
                    "the path of the data directory is too long for a Unix socket",
                    hint: "choose a shorter path, or let the server listen on a port", detail: layout.root)
            }
            return ServerEndpoint(port: 5432, listensOnLoopback: false, hasSocket: true)
        case .free:
            return ServerEndpoint(port: try freePort(), listensOnLoopback: true, hasSocket: hasSocket)
        case .fixed(let port): return ServerEndpoint(port: port, listensOnLoopback: true, hasSocket: hasSocket)
        }
    }

    /// A port that nobody has at this moment.
    private func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw noPort }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else { throw noPort }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private var noPort: SluiceError {
        SluiceError("embedded-postgres.no-port", .transient, "there is no free port on the loopback interface")
    }
}
