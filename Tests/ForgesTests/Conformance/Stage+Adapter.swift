import Forges

extension Host {
    /// Those whose adapters stand.
    static let ready: [Host] = [.local]
    static let readyRemote = ready.filter { $0.type != nil }
}

extension Stage {
    static func adapter(of host: Host, at baseURL: String, _ clock: StageClock) async throws -> any Forge {
        throw Missing()
    }
}
