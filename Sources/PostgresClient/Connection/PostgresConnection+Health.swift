import CLibpq
import Glibc

extension PostgresConnection {
    /// Whether the server still holds the session, without asking it: a server that ended it has said so on the socket.
    func checkAlive() -> Bool {
        let isAlive = try? withHandle { handle in
            // What waits to be read may be a notice, a farewell, and then the end: at most a few reads.
            for _ in 0..<8 {
                var descriptor = pollfd(fd: PQsocket(handle), events: Int16(truncatingIfNeeded: POLLIN), revents: 0)
                guard poll(&descriptor, 1, 0) > 0 else { break }
                guard PQconsumeInput(handle) == 1 else { return false }
                _ = PQisBusy(handle)
            }
            return PQstatus(handle) == CONNECTION_OK
        }
        if isAlive != true { drop() }
        return isAlive ?? false
    }
}
