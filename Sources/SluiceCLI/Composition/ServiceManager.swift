import Glibc

/// The service manager that started this process, told how it stands by systemd's protocol: a datagram to the socket that
/// `NOTIFY_SOCKET` names. Where nobody listens nothing is sent, and nothing depends on it.
struct ServiceManager: Sendable {
    private let socketName: [UInt8]

    /// The manager that an environment names, if it names one.
    init(environment: [String: String]) {
        socketName = Array((environment["NOTIFY_SOCKET"] ?? "").utf8)
    }

    /// Says that the process takes requests. `systemctl start` returns then.
    func ready() { tell("READY=1") }

    private func tell(_ state: String) {
        guard let isAbstract = socketName.first.map({ $0 == UInt8(ascii: "@") }) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { path in
            guard socketName.count < path.count else { return false }
            path.copyBytes(from: isAbstract ? [0] + socketName.dropFirst() : socketName)
            return true
        }
        guard fits else { return }
        // The zero after a path belongs to the name; there is none after an abstract one.
        let length = MemoryLayout<sa_family_t>.size + socketName.count + (isAbstract ? 0 : 1)
        let text = Array(state.utf8)
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, text, text.count, Int32(MSG_NOSIGNAL), $0, socklen_t(length))
            }
        }
    }
}
