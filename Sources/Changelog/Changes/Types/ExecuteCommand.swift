import Diagnostics

/// `executeCommand`: a program on the machine of the update. It is not among the standard types: only whoever trusts the
/// changelog with this machine registers it, and says how programs are run (``DeployerOptions/runProgram``).
public struct ExecuteCommand: Change {
    /// `executeCommand`
    public static let name = "executeCommand"

    private var call: ProgramCall
    /// The operating systems it is for, by Java's names; empty for all.
    private var systems: [String]

    /// Reads program, words, time limit and operating systems.
    public init(from decoder: inout ChangeDecoder) {
        call = ProgramCall(executable: decoder.required("executable"), arguments: [])
        systems = (decoder.string("os", recorded: false) ?? "").words(at: ",")
            .map { String($0).trimmingSpace }.filter { !$0.isEmpty }
        let lists = decoder.elements("args")
        let words = lists.isEmpty ? decoder.elements("arg") : lists.flatMap { $0.children(named: "arg") }
        decoder.ignore("arg")
        call.arguments = words.map { word in decoder.nested(word) { $0.string("value") ?? "" }.0 }
        guard let timeout = decoder.string("timeout")?.trimmedOrNil else { return }
        if let seconds = Self.seconds(timeout) {
            call.timeout = seconds == 0 ? nil : .seconds(seconds)
        } else {
            decoder.report("'timeout' is a number with s, m or h, such as 10s")
        }
    }

    /// The program, where the machine is one of those it is for.
    public func statements(_ dialect: SQLDialect) -> [SQLStatement] {
        isForThisSystem ? [SQLStatement(call.description, role: .program(call))] : []
    }

    /// Whether it is for Linux, or for every system.
    public var isForThisSystem: Bool { systems.isEmpty || systems.contains("Linux") }

    /// A number of seconds, minutes or hours.
    private static func seconds(_ text: String) -> Int? {
        guard let match = text.wholeMatch(of: /([0-9]{1,9})\s*([sSmMhH]?)/)?.output else { return nil }
        return Int(match.1).map { $0 * (["m": 60, "h": 3600][match.2.lowercased()] ?? 1) }
    }
}
