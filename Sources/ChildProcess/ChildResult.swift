/// How a child process ended.
public enum ChildStatus: Hashable, Sendable {
    /// It returned this exit code.
    case exited(Int32)
    /// It was killed by this signal.
    case signalled(Int32)

    /// Whether it ended with exit code 0.
    public var isSuccess: Bool { self == .exited(0) }
}

extension ChildStatus: CustomStringConvertible {
    /// `exit code 1` or `signal 9`.
    public var description: String {
        switch self {
        case .exited(let code): "exit code \(code)"
        case .signalled(let signal): "signal \(signal)"
        }
    }
}

/// What a child process left: how it ended and what it printed.
///
/// A failed child is a result too. Whoever started it knows what its exit code means.
public struct ChildResult: Hashable, Sendable {
    /// How it ended.
    public let status: ChildStatus
    /// What it printed on its standard output.
    public let standardOutput: [UInt8]
    /// What it printed on its standard error.
    public let standardError: [UInt8]

    /// Makes a result, as tests of a child's callers do.
    public init(status: ChildStatus, standardOutput: [UInt8] = [], standardError: [UInt8] = []) {
        self.status = status
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    /// The standard output as text; bytes that are no UTF-8 become U+FFFD.
    public var outputText: String { String(decoding: standardOutput, as: UTF8.self) }
    /// The standard error as text; bytes that are no UTF-8 become U+FFFD.
    public var errorText: String { String(decoding: standardError, as: UTF8.self) }
}
