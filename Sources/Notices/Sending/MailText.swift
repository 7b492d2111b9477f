import DesiredState
import Diagnostics
import Foundation
import StateStore

/// A message as mail: what is between `DATA` and the dot. Pure.
enum MailText {
    /// The bytes, in lines that end with CR LF.
    static func bytes(of message: NoticeMessage, _ mail: MailSpec, now: Date) -> [UInt8] {
        let domain = mail.from.words(at: "@").last.map(String.init) ?? "localhost"
        let first = message.notices.first?.messageID ?? "msg"
        let headers = [
            "From: Sluice <\(mail.from)>", "To: \(mail.to.joined(separator: ",\r\n "))",
            "Subject: \(encoded(message.title.fitting(200)))", "Date: \(date(now))",
            // The same for the same notices, so that a repeat is known for one.
            "Message-ID: <\(first).\(message.notices.count)@\(domain)>", "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64",
        ]
        let body = Data(message.text.utf8).base64EncodedString(options: [.lineLength76Characters])
        return Array((headers + ["", body, ""]).joined(separator: "\r\n").utf8)
    }

    /// A header field's text as encoded words of whole characters, each short enough for a line.
    static func encoded(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) || text.holds("=?") else { return text }
        var words: [String] = []
        var word = ""
        for character in text {
            if word.utf8.count + String(character).utf8.count > 42 {
                words.append(word)
                word = ""
            }
            word.append(character)
        }
        words.append(word)
        return words.map { "=?utf-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func date(_ date: Date) -> String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss '+0000'"
        return formatter.string(from: date)
    }
}
