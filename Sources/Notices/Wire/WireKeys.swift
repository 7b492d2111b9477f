import DesiredState
import Diagnostics

/// What opens a channel: its address and its secret.
struct WireKeys {
    let address: Secret<String>
    let secret: Secret<String>?
    private let isAddressSecret: Bool

    /// Fetches them from where they are kept.
    init(of destination: NoticeDestination, _ secrets: SecretResolver) throws(SluiceError) {
        switch destination {
        case .wecom(let robot), .slack(let robot), .feishu(let robot), .dingtalk(let robot):
            address = try secrets.resolve(robot.url)
            secret = if let reference = robot.secret { try secrets.resolve(reference) } else { nil }
            isAddressSecret = true
        case .webhook(let webhook):
            address = Secret(webhook.url)
            secret = try secrets.resolve(webhook.secret)
            isAddressSecret = false
        case .email: throw SluiceError("notice.no-mail", .stalled, "mail goes another way")
        }
    }

    /// All texts by which the keys could be seen in an answer that repeats them, or a part of them.
    var traces: [Secret<String>] {
        var texts: [String] = []
        if isAddressSecret {
            let address = address.reveal()
            texts.append(address)
            // Behind the host: the path as a whole, each long part of it, and what stands in the query.
            let target = address.exactRange(of: "://").map { address[$0.upperBound...] } ?? address[...]
            let path = target.drop { $0 != "/" }
            texts.append(String(path))
            texts += path.split { "/?&=".contains($0) }.map(String.init).filter { $0.utf8.count >= 8 }
        }
        if let secret { texts.append(secret.reveal()) }
        // The longest first, so that none leaves a rest of another.
        return texts.filter { $0.utf8.count > 1 }.sorted { $0.utf8.count > $1.utf8.count }.map { Secret($0) }
    }
}
