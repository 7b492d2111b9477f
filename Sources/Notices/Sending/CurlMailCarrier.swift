import ChildProcess
public import DesiredState
public import Diagnostics
public import Foundation
public import OutboundHTTP

/// Hands mail to a mail server by the system's `curl`, which speaks SMTP and its TLS.
///
/// The server's address is the one that may be reached, and curl asks no resolver. What is secret goes in on curl's standard
/// input; the mail itself, which anybody may see, lies in a file of a private directory meanwhile.
public struct CurlMailCarrier: MailCarrier {
    let destinations: DestinationGuard
    let directory: String
    let path: String

    /// How long a mail may take.
    static let deadline = 30

    /// Makes a carrier, and removes what an earlier one has left in the directory, which must be nobody else's.
    public init(destinations: DestinationGuard, directory: String, path: String = "/usr/local/bin:/usr/bin:/bin") {
        self.destinations = destinations
        self.directory = directory
        self.path = path
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Hands a message to the mail server.
    public func send(
        _ message: NoticeMessage, to mail: MailSpec, password: Secret<String>?, now: Date
    ) async throws -> NoticeAnswer {
        let addresses = try await destinations.addresses(
            host: mail.host, port: mail.port, isSecure: mail.encryption != .none)
        let file = "\(directory)/\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try write(MailText.bytes(of: message, mail, now: now), to: file)
        let configuration = try Self.configuration(mail, password: password, addresses: addresses, file: file)
        let result: ChildResult
        do {
            result = try await Child(
                "curl", ["-q", "--config", "-"], environment: ["PATH": path], input: Array(configuration.utf8),
                outputLimit: 64 << 10, deadline: .seconds(Self.deadline + 10)
            ).run()
        } catch let error as ChildError {
            throw SluiceError(
                "notice.no-mail", .transient, "curl, which sends mail, could not be run",
                hint: "install the package curl", detail: error.sluiceError.description)
        }
        let status = Int(result.outputText).flatMap { $0 > 0 ? $0 : nil }
        guard result.status.isSuccess else {
            return NoticeAnswer(.refused, status: status, words: "\(mail.host): \(result.errorText)")
        }
        return NoticeAnswer(.taken, status: status, words: "\(mail.host) took it")
    }

    private func write(_ bytes: [UInt8], to file: String) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data(bytes).write(to: URL(filePath: file))
        } catch {
            throw SluiceError(
                "notice.no-mail", .transient, "a file for the mail could not be written", detail: "\(error)")
        }
    }

    /// What curl is told on its standard input.
    static func configuration(
        _ mail: MailSpec, password: Secret<String>?, addresses: [IPAddress], file: String
    ) throws(SluiceError) -> String {
        let scheme = mail.encryption == .tls ? "smtps" : "smtp"
        var options = [
            ("url", "\(scheme)://\(mail.host):\(mail.port)/sluice"), ("proto", "=smtp,smtps"), ("noproxy", "*"),
            ("max-time", String(deadline)), ("connect-timeout", "10"), ("mail-from", mail.from),
            ("upload-file", file), ("write-out", "%{response_code}"),
        ]
        options += mail.to.map { ("mail-rcpt", $0) }
        if IPAddress(mail.host) == nil {
            let list = addresses.map { $0.isIPv6 ? "[\($0)]" : "\($0)" }.joined(separator: ",")
            options.append(("resolve", "\(mail.host):\(mail.port):\(list)"))
        }
        if let user = mail.user, let password {
            guard password.reveal().utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
                throw SluiceError(
                    "notice.bad-secret", .stalled, "the password of the mail server holds control characters",
                    hint: "is there a second line? Keep the password there and nothing else")
            }
            options.append(("user", "\(user):\(password.reveal())"))
        }
        let flags = ["silent", "show-error"] + (mail.encryption == .none ? [] : ["ssl-reqd"])
        return (flags + options.map { "\($0) = \"\(quoted($1))\"" }).joined(separator: "\n") + "\n"
    }

    private static func quoted(_ text: String) -> String {
        text.replacingAll("\\", with: "\\\\").replacingAll("\"", with: "\\\"")
    }
}
