import ControlAPI
import DesiredState
import Diagnostics
import Webhooks

/// The forges of desired state as senders of webhooks, and the one that holds desired state itself.
struct ForgeWebhooks: WebhookSources {
    let keeper: DesiredStateKeeper
    /// Where desired state is read from.
    let origin: DesiredStateOrigin?
    let secrets: SecretResolver

    /// A forge that is desired now. Its secrets are read each time, so that a rotated one counts from the next webhook on.
    func source(named name: String) async throws -> WebhookSource? {
        let state = try await keeper.state()
        guard let forge = state.forges[name] ?? origin?.forge(named: name), let scheme = WebhookScheme(forge.host)
        else {
            return nil
        }
        // Of several secrets one may be gone already, or not be there yet. Which one, is said when a webhook is not believed.
        var (readable, unreadable): ([Secret<String>], [String]) = ([], [])
        for reference in forge.webhook?.secrets ?? [] {
            do { readable.append(try secrets.resolve(reference)) } catch { unreadable.append("\(error)") }
        }
        return WebhookSource(name: name, scheme: scheme, secrets: readable, unreadable: unreadable)
    }
}

extension WebhookScheme {
    /// How a forge proves its webhooks; nil for a folder of repositories, which sends none.
    init?(_ host: ForgeSpec.Host) {
        switch host {
        case .local: return nil
        case .gerrit: self = .gerrit
        case .gitLab: self = .gitlab
        case .gitHub: self = .github
        case .gitee: self = .gitee
        }
    }
}
