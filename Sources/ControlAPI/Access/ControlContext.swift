import Hummingbird
import NIOCore

/// What is known of a request before it is read: also the address that it comes from.
struct ControlContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address of the connection; nil when it has none.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }
}
