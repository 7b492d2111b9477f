/// Finds in a program's words that not its content but the connection failed, as libpq and the server put it.
enum ConnectionTrouble {
    /// The session was there and went, or the server sent the program away for the moment.
    private static let interruptions = [
        "server closed the connection unexpectedly", "terminating connection due to",
        "the database system is starting up", "the database system is shutting down",
        "the database system is in recovery mode", "SSL connection has been closed unexpectedly",
        "SSL SYSCALL error", "could not receive data from server", "could not send data to server",
        "sorry, too many clients already", "remaining connection slots are reserved",
    ]
    /// There never was a session.
    private static let refusals = [
        "could not connect to server", "connection to server at", "connection to server on socket",
        "could not translate host name", "Connection refused",
    ]

    static func find(in text: String) -> MigrationFailure.Kind? {
        if interruptions.contains(where: text.contains) { return .interrupted }
        return refusals.contains(where: text.contains) ? .unreachable : nil
    }
}
