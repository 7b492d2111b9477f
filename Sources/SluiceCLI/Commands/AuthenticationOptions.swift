import AccessControl
import ArgumentParser
import ControlAPI
import DesiredState
import Diagnostics
import IdentityTokens
import Terminal

/// How people prove to a controller who they are.
struct AuthenticationOptions: ParsableArguments {
    @Option(name: .long, help: "A file with the access token, with which everything may be done.", completion: .file())
    var accessTokenFile: String?

    @Flag(
        name: .long,
        help:
            "Ask everybody who they are, on this machine too. Implied by every other way to prove it, and by a RoleBinding."
    )
    var requireAuthentication = false

    @Flag(
        name: .long,
        help:
            "Be one person's again: forget that there were RoleBindings or tokens. Without, who is on this machine proves who they are from the first of them on."
    )
    var personal = false

    @Flag(name: .long, help: "Let who proves nothing look at everything. They may do nothing.")
    var anonymousRead = false

    @Option(
        name: .long,
        help: "A file of names and password hashes, NAME:HASH a line, for clients that know nothing but HTTP Basic.",
        completion: .file())
    var usersFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "A proxy whose word about where a request comes from is taken.",
            discussion: "An address or a range, as 10.0.0.0/8. Can be given several times.", valueName: "range"))
    var trustedProxy: [String] = []

    @Option(
        name: .long,
        help: "An OpenID provider whose word about people is taken: its issuer, exactly as it stands in its tokens.")
    var oidcIssuer: String?

    @Option(name: .long, help: "Whom its tokens must be meant for; more than once for several.")
    var oidcAudience: [String] = []

    @Option(name: .long, help: "The claim with the user's name. An email counts only when the provider verified it.")
    var oidcUserClaim: String = "sub"

    @Option(name: .long, help: "The claim with the groups.")
    var oidcGroupsClaim: String = "groups"

    @Option(name: .long, help: "What the provider's names of users and groups begin with here.")
    var oidcPrefix: String?

    @Option(name: .long, help: "How its tokens may be signed; more than once for several (RS256 and ES256).")
    var oidcAlgorithm: [String] = []

    func validate() throws {
        guard oidcIssuer == nil || !oidcAudience.isEmpty else {
            throw ValidationError("--oidc-issuer needs --oidc-audience: tokens for others prove nothing")
        }
        guard oidcIssuer != nil || oidcAudience.isEmpty else {
            throw ValidationError("--oidc-audience needs --oidc-issuer")
        }
        // What a provider lets its users choose must not be the name of somebody who proves it in another way.
        guard oidcIssuer == nil || oidcUserClaim == "sub" || oidcPrefix != nil else {
            throw ValidationError(
                "--oidc-user-claim needs --oidc-prefix, as in --oidc-prefix sso: (or --oidc-prefix '' when only the provider decides who has which name)"
            )
        }
        guard !personal || !proves else {
            throw ValidationError("--personal and a way to prove who one is exclude each other")
        }
        let known = SigningAlgorithm.allCases.map(\.rawValue)
        guard oidcAlgorithm.allSatisfy(known.contains) else {
            throw ValidationError("--oidc-algorithm is one of \(known.joined(separator: ", "))")
        }
        guard !anonymousRead || proves else {
            throw ValidationError("--anonymous-read needs a way to prove who one is, such as --require-authentication")
        }
    }

    /// Whether there is any way to prove who one is.
    private var proves: Bool {
        requireAuthentication || accessTokenFile != nil || usersFile != nil || oidcIssuer != nil
            || CommandContext.current.environment["SLUICE_ACCESS_TOKEN"] != nil
    }

    /// Whose word about people is taken; nil for nobody's.
    var identityProvider: IdentityProvider? {
        guard let oidcIssuer else { return nil }
        var provider = IdentityProvider(issuer: oidcIssuer, audiences: oidcAudience)
        provider.userClaim = oidcUserClaim
        provider.groupsClaim = oidcGroupsClaim
        provider.prefix = oidcPrefix ?? ""
        let algorithms = oidcAlgorithm.compactMap { SigningAlgorithm(rawValue: $0) }
        if !algorithms.isEmpty { provider.algorithms = algorithms }
        return provider
    }

    /// The interface that listens there, with these ways to prove who one is.
    func interface(at listen: ListenAddress, _ secrets: SecretResolver) throws -> ControlAPIConfiguration {
        var token: Secret<String>?
        if let accessTokenFile {
            token = try secrets.resolve(.file(AbsolutePath.of(accessTokenFile)))
        } else if CommandContext.current.environment["SLUICE_ACCESS_TOKEN"] != nil {
            token = try secrets.resolve(.environment("SLUICE_ACCESS_TOKEN"))
        }
        var interface = try ControlAPIConfiguration(
            host: listen.host, port: listen.port, accessToken: token, requiresAuthentication: proves)
        interface.authentication.isReadOpen = anonymousRead
        interface.trustedProxies = try trustedProxy.map { try AddressRange($0) }
        if let usersFile {
            let path = AbsolutePath.of(usersFile)
            let passwords: @Sendable () throws -> PasswordFile = {
                try PasswordFile(try secrets.resolve(.file(path)), from: path)
            }
            // A mistake in it is told now, not to the first who comes with a password.
            _ = try passwords()
            interface.authentication.passwords = passwords
        }
        return interface
    }
}
