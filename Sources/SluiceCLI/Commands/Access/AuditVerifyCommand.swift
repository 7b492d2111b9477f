import AccessControl
import ArgumentParser
import DesiredState
import Diagnostics
import Foundation
import Terminal

/// `sluice audit verify`: whether the log says what it said when it was written.
struct AuditVerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Verify that no record of the audit log was changed, removed or put in.",
        discussion: """
            The hashes are computed here, record by record. Prints the number and the hash of the newest record: written down
            elsewhere and given with --expect the next time, they also show when the end of the log was cut off or the whole of
            it written anew. Exits with 1 when something is wrong.

            EXAMPLES
              sluice audit verify
              sluice audit verify --expect 4711:9f2c…
              sluice audit verify --file audit.ndjson
            """)

    @Option(name: .long, help: "A record that must be there, as NUMBER:HASH.")
    var expect: String?

    @Option(name: .long, help: "Verify an export instead of the controller's log.", completion: .file())
    var file: String?

    @Flag(name: .long, help: "A log without a record is whole too: of a controller that was never asked for anything.")
    var allowEmpty = false

    @OptionGroup var server: ServerOptions

    func run() async throws {
        var check = Check(expected: try expected)
        if let file {
            try Self.read(file, &check)
        } else {
            try await read(&check)
        }
        let console = CommandContext.current.console
        for line in check.faults.prefix(20) { console.say(line) }
        if check.faults.count > 20 { console.say("and \(check.faults.count - 20) more") }
        if let head = check.chain.head { try console.print("\(head.id):\(head.hash)") }
        guard check.faults.isEmpty else { throw ExitStatus.notReady }
        guard check.chain.count > 0 || allowEmpty else {
            console.say("there are no records; if there never were any: --allow-empty")
            throw ExitStatus.notReady
        }
        console.say(check.chain.count == 1 ? "1 record, whole" : "\(check.chain.count) records, whole")
    }

    private var expected: (id: Int64, hash: String)? {
        get throws {
            guard let expect else { return nil }
            let parts = expect.words(at: ":")
            guard parts.count == 2, let id = Int64(parts[0]), parts[1].count == 64 else {
                throw CommandFailure(.usage, "--expect is NUMBER:HASH, as sluice audit verify prints it")
            }
            return (id, String(parts[1]))
        }
    }

    /// The chain so far, with all that is wrong.
    private struct Check {
        let expected: (id: Int64, hash: String)?
        var chain = AuditChain()
        var faults: [String] = []
        var isExpectedSeen = false

        init(expected: (id: Int64, hash: String)?) { self.expected = expected }

        mutating func take(_ document: JSONValue) {
            guard let record = AuditRecord(document) else { return faults.append("something is no record") }
            if let fault = chain.take(record) { faults.append(fault.description) }
            if let expected, record.id == expected.id {
                isExpectedSeen = true
                if record.hash != expected.hash { faults.append("record \(record.id) is not the one that is expected") }
            }
        }

        mutating func end() {
            if let fault = chain.end() { faults.append(fault.description) }
            if let expected, !isExpectedSeen { faults.append("record \(expected.id) is not there") }
        }
    }

    private func read(_ check: inout Check) async throws {
        let client = try server.client()
        var cursor: String?
        repeat {
            let page = try await client.get(["api", "v1", "audit"], [("limit", "500"), ("cursor", cursor)]).body
            for document in page["items"]?.array ?? [] { check.take(document) }
            cursor = page["nextCursor"]?.string
        } while cursor != nil
        check.end()
    }

    private static func read(_ file: String, _ check: inout Check) throws {
        let path = AbsolutePath.of(file)
        guard let bytes = try? RegularFile.read(path, limit: 1 << 30),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw CommandFailure(.invalid, "\(file.oneLine) cannot be read, or is no text in UTF-8") }
        for line in text.words(at: "\n") { check.take((try? JSONValue(parsing: String(line))) ?? .null) }
        check.end()
    }
}
