import DesiredState
import Diagnostics
import Foundation

extension IdentityProvider {
    /// Whom claims name, once they are known to be the provider's.
    func identity(in claims: JSONValue, at now: Date) throws(TokenFault) -> (name: String, groups: [String]) {
        guard claims["iss"]?.string == issuer else { throw .claim("iss is not the issuer") }
        try checkAudience(claims)
        try checkTimes(claims, now.timeIntervalSince1970)
        guard let subject = claims["sub"]?.string, Self.isName(subject) else { throw .claim("sub names nobody") }
        guard let user = claims[userClaim]?.string, Self.isName(user) else { throw .claim("\(userClaim) names nobody") }
        if userClaim == "email", claims["email_verified"]?.bool != true {
            throw .claim("the e-mail address was not verified")
        }
        return (prefix + user, groups(claims).map { prefix + $0 })
    }

    private func checkAudience(_ claims: JSONValue) throws(TokenFault) {
        let named: [String]
        switch claims["aud"] {
        case .string(let one)?: named = [one]
        case .array(let several)?:
            named = several.compactMap(\.string)
            guard named.count == several.count else { throw .claim("aud is not understood") }
        default: throw .claim("aud is missing")
        }
        guard named.contains(where: audiences.contains) else { throw .claim("aud is somebody else") }
        guard named.count == 1 || claims["azp"] != nil else { throw .claim("azp is missing, among several audiences") }
        // Who asked for the token may not hand it on to us.
        if let party = claims["azp"] {
            guard let party = party.string, audiences.contains(party) else { throw .claim("azp is somebody else") }
        }
    }

    /// How long a token may hold, in seconds.
    private static let longestLifetime: Double = 7 * 24 * 3600

    private func checkTimes(_ claims: JSONValue, _ now: Double) throws(TokenFault) {
        guard let expires = try Self.time(claims["exp"], "exp") else { throw .claim("exp is missing") }
        guard now < expires + clockSkew else { throw .claim("exp has passed") }
        // Nobody can revoke it: what holds for longer than a week is no proof of who comes today.
        let begins = try Self.time(claims["iat"], "iat") ?? now
        guard expires - min(begins, now) <= Self.longestLifetime else { throw .claim("exp is too far away") }
        for name in ["nbf", "iat"] {
            guard let begins = try Self.time(claims[name], name) else { continue }
            guard begins <= now + clockSkew else { throw .claim("\(name) is still to come") }
            guard begins <= expires else { throw .claim("\(name) is after exp") }
        }
    }

    private static func time(_ value: JSONValue?, _ name: String) throws(TokenFault) -> Double? {
        let seconds: Double
        switch value {
        case nil: return nil
        case .integer(let whole)?: seconds = Double(whole)
        case .number(let number)?: seconds = number
        default: throw .claim("\(name) is no time")
        }
        guard seconds.isFinite, (0...1e12).contains(seconds) else { throw .claim("\(name) is no time") }
        return seconds
    }

    private func groups(_ claims: JSONValue) -> [String] {
        let written: [String] =
            switch claims[groupsClaim] {
            case .string(let one)?: [one]
            case .array(let several)?: several.compactMap(\.string)
            default: []
            }
        return Array(written.filter(Self.isName).prefix(1_000))
    }

    private static func isName(_ text: String) -> Bool {
        (1...128).contains(text.count) && text.utf8.count <= 512
            && !text.unicodeScalars.contains(where: \.changesDisplay)
    }
}
