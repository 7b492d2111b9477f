import NIOCore
import NIOPosix
import NIOSSL

/// A server that speaks TLS as `forge.test`, with a certificate that nobody has reason to trust, and says nothing more.
struct SelfSignedServer {
    let port: Int
    private let channel: any Channel

    static func start() async throws -> SelfSignedServer {
        let certificate = try NIOSSLCertificate(bytes: Array(certificate.utf8), format: .pem)
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: [.certificate(certificate)],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem))))
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return SelfSignedServer(port: channel.localAddress?.port ?? 0, channel: channel)
    }

    func stop() async throws { try await channel.close() }

    // Made for this file by openssl; it opens nothing.
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8FXpLSQisn0NfrFO
        oykOhJ6JV6/Ao4yShnocMchdRImhRANCAART+nssgFee0y2AMdY9p0mZJ3eSh0pe
        U2Xtp/+5H3DmgQndiBZmma/DNrMXRTsf28ogAQfYv6l385H4X7/0yTfV
        -----END PRIVATE KEY-----
        """
    private static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBlzCCAT6gAwIBAgIURLz8SEYQNRs1L2YdhuqvOITERtEwCgYIKoZIzj0EAwIw
        FTETMBEGA1UEAwwKZm9yZ2UudGVzdDAgFw0yNjExMjIwNDA2NDJaGA8yMTI2MTAy
        OTA0MDY0MlowFTETMBEGA1UEAwwKZm9yZ2UudGVzdDBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABFP6eyyAV57TLYAx1j2nSZknd5KHSl5TZe2n/7kfcOaBCd2IFmaZ
        r8M2sxdFOx/byiABB9i/qXfzkfhfv/TJN9WjajBoMB0GA1UdDgQWBBSlpgUh6Q88
        c+LhfoEfa1VGllg5AjAfBgNVHSMEGDAWgBSlpgUh6Q88c+LhfoEfa1VGllg5AjAP
        BgNVHRMBAf8EBTADAQH/MBUGA1UdEQQOMAyCCmZvcmdlLnRlc3QwCgYIKoZIzj0E
        AwIDRwAwRAIgFGCtn/4/z/llkgDnzas1Qy2ZfHHfzPHuqOalPGkzwwMCIGnQSDxm
        IsCJHTBCLwMj2UzKfkmC57y+sPNsRj4q0Cyd
        -----END CERTIFICATE-----
        """
}

/// A port at which connections are accepted, by the kernel, and nobody ever reads or answers.
struct SilentServer {
    let port: Int
    private let channel: any Channel

    static func start() async throws -> SilentServer {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        return SilentServer(port: channel.localAddress?.port ?? 0, channel: channel)
    }

    func stop() async throws { try await channel.close() }
}
