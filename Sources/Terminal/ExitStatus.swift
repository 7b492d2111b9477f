/// What the command's exit code says. Codes are never reused; scripts rely on them.
package enum ExitStatus: Int32, CaseIterable, Sendable, Error {
    /// It is done, or as it should be.
    case ok = 0
    /// The answer is "no": not ready, or something differs.
    case notReady = 1
    /// The command line is not understood.
    case usage = 2
    /// There is no such object, or this version does not support what was asked for.
    case notFound = 3
    /// The world has moved on: look again.
    case conflict = 4
    /// Access is denied.
    case denied = 5
    /// It did not happen in time.
    case timeout = 6
    /// The controller, or the database that a command works on, cannot be reached.
    case unreachable = 7
    /// What was given is not valid.
    case invalid = 8
    /// Something went wrong that should not have.
    case internalError = 20

    /// What the code means, in a line.
    package var meaning: String {
        switch self {
        case .ok: "done, or as it should be"
        case .notReady: "the answer is no: not ready, or something differs"
        case .usage: "the command line is not understood"
        case .notFound: "there is no such object, or it is not supported"
        case .conflict: "the world has moved on: look again"
        case .denied: "access is denied"
        case .timeout: "it did not happen in time"
        case .unreachable: "the controller or the database cannot be reached"
        case .invalid: "what was given is not valid"
        case .internalError: "something went wrong that should not have"
        }
    }

    /// All codes with their meanings, one a line.
    package static var table: String {
        allCases.map { status in
            let code = String(status.rawValue)
            return "  " + String(repeating: " ", count: 2 - code.count) + code + "  " + status.meaning
        }.joined(separator: "\n")
    }
}
