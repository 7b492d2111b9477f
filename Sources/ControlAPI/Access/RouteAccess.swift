import AccessControl
import DesiredState

/// What somebody needs to use a route. There is no route without: it is the one field that has no default.
enum RouteAccess: Sendable {
    /// What is to be done with what.
    typealias Question = (verb: Verb, object: AccessObject)

    /// Nothing: health.
    case open
    /// The call itself is proof: webhooks.
    case proven
    /// That they proved who they are.
    case authenticated
    /// That they may do what the call asks for; it is asked before the handler is called.
    case needs([Verb], @Sendable (Call) throws(CallFailure) -> Question)
    /// That they may do one of these with something: the handler asks with what, when it has looked that up.
    case asks([Verb])
    /// Nothing that is known before something was looked up: the handler shows no more than the caller sees.
    case shows

    /// A verb for the controller as a whole.
    static func needs(_ verb: Verb) -> RouteAccess { needs([verb]) { _ in (verb, .controller) } }

    /// A verb for the object that a call names.
    static func needs(_ verb: Verb, _ object: @escaping @Sendable (Call) -> AccessObject) -> RouteAccess {
        needs([verb]) { call in (verb, object(call)) }
    }

    /// The verbs that may be needed.
    var verbs: [Verb] {
        switch self {
        case .open, .proven, .authenticated: []
        case .needs(let verbs, _), .asks(let verbs): verbs
        case .shows: [.read]
        }
    }

    /// As the description has it.
    var description: JSONValue {
        let word =
            switch self {
            case .open: "open"
            case .proven: "proven"
            case .authenticated: "authenticated"
            case .needs: "needs"
            case .asks: "asks"
            case .shows: "shows"
            }
        return ["access": .string(word), "verbs": .array(verbs.map { .string($0.rawValue) })]
    }
}

extension Call {
    /// The registry that a path of the registry platform's is about: the one that it names, or the only one.
    var registryObject: AccessObject {
        .resource(.registry, parameters["registry"]?.first ?? caller.rules.onlyRegistry ?? "")
    }
}
