import Diagnostics
import GitClient

/// The head of a push as it comes over the wire: which references shall move, and what the client understands.
///
/// gitprotocol-pack, "Reference Update Request": packets of `old new name`, the first with capabilities after a NUL, up
/// to a flush packet. The pack follows.
struct PushCommands {
    struct Command {
        let new: ObjectID?
        let reference: String
    }

    let commands: [Command]
    /// Whether the client takes its report through a side band.
    let hasSideBand: Bool

    init(_ body: [UInt8]) {
        var commands: [Command] = []
        var capabilities = ""
        var rest = body[...]
        while let length = Int(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16), length >= 4,
            rest.count >= length
        {
            let line = rest.dropFirst(4).prefix(length - 4)
            rest = rest.dropFirst(length)
            let halves = line.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            if halves.count == 2 { capabilities = String(decoding: halves[1], as: UTF8.self) }
            let words = String(decoding: halves.first ?? [], as: UTF8.self).trimming("\n").words(at: " ", maxSplits: 2)
            guard words.count == 3 else { continue }
            let isDeletion = words[1].allSatisfy { $0 == "0" }
            commands.append(
                Command(new: isDeletion ? nil : ObjectID(exactly: words[1]), reference: String(words[2])))
        }
        self.commands = commands
        hasSideBand = capabilities.words(at: " ").contains("side-band-64k")
    }

    /// The report that the push ends with: for each reference nil for done, or why not.
    func report(_ refusals: [String: String], messages: [String]) -> [UInt8] {
        var lines = Self.packet("unpack ok\n")
        for command in commands {
            let refusal = refusals[command.reference]
            lines += Self.packet(
                refusal.map { "ng \(command.reference) \($0)\n" } ?? "ok \(command.reference)\n")
        }
        lines += Array("0000".utf8)
        guard hasSideBand else { return lines }
        var answer: [UInt8] = []
        for message in messages { answer += Self.packet([2] + Array("\(message)\n".utf8)) }
        return answer + Self.packet([1] + lines) + Array("0000".utf8)
    }

    private static func packet(_ text: String) -> [UInt8] { packet(Array(text.utf8)) }

    private static func packet(_ bytes: [UInt8]) -> [UInt8] {
        let length = String(bytes.count + 4, radix: 16)
        return Array(String(repeating: "0", count: 4 - length.utf8.count).utf8) + Array(length.utf8) + bytes
    }
}
