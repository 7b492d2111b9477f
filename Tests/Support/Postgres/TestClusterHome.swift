import EmbeddedPostgres
import Foundation
import Glibc
import Logging

/// Where test clusters lie: in memory when it has room for one, else in the directory for temporary files.
struct TestClusterHome {
    private static let prefix = "sluice-test-postgres-"
    private static let roomNeeded: UInt64 = 1 << 30

    private let parent: String

    init() {
        var status = statvfs()
        let isRoomy =
            statvfs("/dev/shm", &status) == 0 && UInt64(status.f_bavail) * UInt64(status.f_frsize) > Self.roomNeeded
        parent = isRoomy ? "/dev/shm" : "/tmp"
    }

    /// The name tells whose it is.
    func newDirectory() -> String {
        "\(parent)/\(Self.prefix)\(getpid())-\(String(UInt32.random(in: .min ... .max), radix: 36))"
    }

    /// Removes what crashed runs left.
    func sweep(_ logger: Logger) async {
        for home in ["/dev/shm", "/tmp"] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
            for name in names where name.hasPrefix(Self.prefix) {
                let owner = name.dropFirst(Self.prefix.count).prefix { $0.isNumber }
                guard let process = pid_t(owner), kill(process, 0) != 0, errno == ESRCH else { continue }
                try? await EmbeddedPostgres.remove(dataDirectory: "\(home)/\(name)", logger: logger)
            }
        }
    }
}
