import Glibc
import Terminal

extension ListenAddress {
    /// Throws when nobody could listen there now, because somebody does or because the address is not this machine's.
    /// What cannot be found out here is left to whoever really listens.
    func requireFree() throws(CommandFailure) {
        guard port != 0 else { return }
        var wanted = addrinfo()
        wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        wanted.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &wanted, &found) == 0, let address = found?.pointee else {
            throw CommandFailure(.invalid, "there is no address \(host) to listen on", code: "serve.cannot-listen")
        }
        defer { freeaddrinfo(found) }
        let socket = Glibc.socket(address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return }
        defer { close(socket) }
        // As the real listener has it: connections of the one before that are still closing are no obstacle.
        var isReused: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &isReused, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, address.ai_addr, address.ai_addrlen) != 0 else { return }
        let reason = errno
        guard reason == EADDRINUSE else {
            throw CommandFailure(
                .invalid, "the interface cannot listen on \(self): \(String(cString: strerror(reason)))",
                hint: "name another address with --listen", code: "serve.cannot-listen")
        }
        throw CommandFailure(
            .invalid, "port \(port) is taken", hint: "choose another with --listen, or stop whoever listens there",
            code: "serve.cannot-listen")
    }
}
