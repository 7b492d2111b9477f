import Foundation
import Glibc
import Synchronization

/// A server on a port of its own that answers every connection with the same bytes, or, with none, never.
final class CannedServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let counter = Counter()

    /// How many connections were made.
    var connections: Int { counter.value.load(ordering: .relaxed) }

    init(answer: String?) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard status else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        Thread.detachNewThread { [counter] in
            var silent: [Int32] = []
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { break }
                counter.value.add(1, ordering: .relaxed)
                guard let answer else {
                    silent.append(connection)
                    continue
                }
                var buffer = [UInt8](repeating: 0, count: 65536)
                _ = recv(connection, &buffer, buffer.count, 0)
                _ = send(connection, answer, answer.utf8.count, Int32(MSG_NOSIGNAL))
                shutdown(connection, Int32(SHUT_RDWR))
                close(connection)
            }
            silent.forEach { close($0) }
            // Here and not in `stop()`: a number that was free meanwhile could be another server's before `accept` sees it.
            close(listener)
        }
    }

    /// Ends the server.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }
}
