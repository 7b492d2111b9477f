import Diagnostics
import GitClient
import OutboundHTTP

extension ForgeAPI {
    /// The address that people open, without a slash at its end.
    var address: String { access.url.description.trimmingSuffix("/") }

    /// Makes sure that an answer names what it must name.
    /// - Throws: `forge.answer-malformed`.
    func require<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else {
            throw SluiceError(
                "forge.answer-malformed", .transient, "the forge \(access.name) answered without \(what)")
        }
        return value
    }

    /// Makes sure that a proposal's source branch stands where the proposal says.
    func requireHead(of proposal: MergeRequestProposal, _ head: ObjectID?, _ project: ProjectRef) throws {
        guard let head else { throw ForgeProblem.missing(branch: proposal.source, of: project) }
        guard head == proposal.head else {
            throw SluiceError(
                "forge.head-moved", .conflict, "\(proposal.source) no longer stands at \(proposal.head.abbreviated)",
                detail: "expected \(proposal.head), found \(head)")
        }
    }
}

extension MergeRequest {
    /// What a merge comes to without asking the host; nil when it is to be asked.
    func outcome(expecting expected: ObjectID) throws -> MergeOutcome? {
        switch state {
        case .merged(let commit):
            guard head == expected || commit == expected else { throw ForgeProblem.moved(id, from: expected, to: head) }
            return .alreadyMerged(as: commit)
        case .closed: throw ForgeProblem.closed(id)
        case .open, .unknown:
            guard head == expected else { throw ForgeProblem.moved(id, from: expected, to: head) }
            return nil
        }
    }

    /// Whether it is open and may be closed.
    func isToBeClosed(expecting expected: ObjectID) throws -> Bool {
        switch state {
        case .merged: throw ForgeProblem.merged(id)
        case .closed: return false
        case .open, .unknown:
            guard head == expected else { throw ForgeProblem.moved(id, from: expected, to: head) }
            return true
        }
    }
}
