import Glibc
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("Service manager")
struct ServiceManagerTests {
    @Test("systemd is told when the controller takes requests")
    func ready() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/notify"
            let listener = try #require(Listener(path))
            ServiceManager(environment: ["NOTIFY_SOCKET": path]).ready()
            #expect(listener.next() == "READY=1")
        }
    }

    @Test(
        "Without a manager, or with one that is not there, nothing happens",
        arguments: [[:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "/nowhere/notify"], ["NOTIFY_SOCKET": "@nobody"]])
    func nobody(environment: [String: String]) {
        ServiceManager(environment: environment).ready()
    }

    @Test("A socket's name that the kernel cannot take is passed over")
    func tooLong() {
        ServiceManager(environment: ["NOTIFY_SOCKET": "/" + String(repeating: "n", count: 4096)]).ready()
    }

    /// A datagram socket at a path.
    private final class Listener {
        private let descriptor: Int32

        init?(_ path: String) {
            descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let bound = withUnsafePointer(to: address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
            guard descriptor >= 0, bound == 0 else { return nil }
        }

        deinit { close(descriptor) }

        /// What came, without waiting: who sends to a local socket has delivered when it returns.
        func next() -> String? {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
        }
    }
}
