import Diagnostics
import Hummingbird
import NIOCore

/// What is known of a request's connection.
struct DoubleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }

    /// Whether whoever asks is on this machine.
    var isLocal: Bool {
        guard let address = channel.remoteAddress?.ipAddress else { return false }
        return address.begins(with: "127.") || address == "::1"
    }
}
