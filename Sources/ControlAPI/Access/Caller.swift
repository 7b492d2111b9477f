import AccessControl
import DesiredState

/// Who sends a request, and what they may do.
struct Caller: Sendable {
    let subject: Subject
    let rules: AccessRules
    /// From where; nil when it is not known.
    var address: String?

    /// Whether they may do something.
    func may(_ verb: Verb, _ object: AccessObject) -> Bool {
        rules.authorize(subject, verb, object).isAllowed
    }

    /// Whether they may look at an object.
    func sees(_ key: ResourceKey) -> Bool { may(.read, .resource(key)) }

    /// Throws unless they may do something: as if there were no such thing, when they may not even know of it.
    func require(_ verb: Verb, _ object: AccessObject) throws(CallFailure) {
        switch rules.authorize(subject, verb, object) {
        case .allowed: return
        case .denied: throw .denied(subject, verb, object)
        // Whoever proved nothing is told to, whatever it is about.
        case .hidden where subject.proof == .none: throw .unauthorized(takingPasswords: false)
        // That there is a controller is no secret.
        case .hidden where object == .controller: throw .denied(subject, verb, object)
        case .hidden: throw .hidden
        }
    }

    /// In whose name they ask: their own, unless they are trusted altogether.
    func actor(_ wanted: String?, orElse login: String?) throws(CallFailure) -> String? {
        if subject.speaksForOthers { return wanted ?? login }
        guard let wanted, !wanted.isSamePerson(as: subject.name) else { return subject.name }
        throw CallFailure(
            .forbidden, "access.not-yourself", "you are \(subject.name.visible), and ask in another's name",
            hint: "leave the name out")
    }
}

extension CallFailure {
    static func denied(_ subject: Subject, _ verb: Verb, _ object: AccessObject) -> CallFailure {
        // Who has not proved who they are may be somebody who may.
        if subject.proof == .none { return .unauthorized(takingPasswords: false) }
        return CallFailure(
            .forbidden, "access.denied",
            "\(subject.name.visible) may not \(verb.rawValue) \(object.description.visible)",
            hint: "a RoleBinding says who may; ask with: sluice auth can-i", platformCode: "FORBIDDEN_OPERATION")
    }

    /// What is there and what is not look the same to whoever may not know.
    static let hidden = CallFailure(
        .notFound, "access.unknown-object", "there is nothing of that name, or nothing that you may see",
        platformCode: "REPOSITORY_NOT_FOUND_EXCEPTION")
}

extension Call {
    /// Whether a list may be restricted to an object: to look for what one does not see is to ask whether it is there.
    func mayAsk(of object: ResourceKey?) -> Bool { object.map(caller.sees) ?? true }

    /// In whose name somebody asks who is trusted altogether, by their own word.
    var onBehalfOf: String? {
        guard caller.subject.speaksForOthers else { return nil }
        // What takes something out has no body.
        let names = ["actor", "author", "login"]
        guard !body.isEmpty else { return names.lazy.compactMap { value($0) }.first }
        guard let members = json else { return nil }
        return names.lazy.compactMap { members[$0]?.string }.first
    }
}
