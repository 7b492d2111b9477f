import DesiredState
import StateStore

/// Something that people have said of a release, as an event tells it.
struct ReleaseWord: Hashable, Sendable {
    var severity = Event.Severity.normal
    let reason: String
    let message: String
    /// Whether the same is asked for as before.
    var isRepetition = false

    /// What an earlier status does not know yet.
    static func news(of seen: ReleaseObservation, since before: ReleaseStatus?) -> [ReleaseWord] {
        let known = Set(before?.words ?? [])
        let news = seen.spec.words.filter { !known.contains($0.message) }
        // Whoever asks for something else does not ask for the same again.
        let isAsked = news.contains { $0.reason == "Asked" && !$0.isRepetition }
        return news.filter { !isAsked || !$0.isRepetition }
    }
}

extension ReleaseSpec {
    /// What people have said, in the order in which a release takes it.
    var words: [ReleaseWord] {
        let asked = ReleaseWord(reason: "Asked", message: "\(requestedBy ?? "nobody") asks for \(target)")
        // Whoever has it tried again is not written there; the record of changes knows.
        let again =
            attempt > 1
            ? [ReleaseWord(reason: "Asked", message: "it is tried again, attempt \(attempt)", isRepetition: true)] : []
        let approvals = approvals.map {
            ReleaseWord(reason: "Approved", message: "\($0.by) approves the tree \($0.tree.prefix(12))")
        }
        let accepted = accepted.map {
            ReleaseWord(
                reason: "Accepted", message: "\($0.by) accepts the tree \($0.tree.prefix(12)) on \($0.branch)")
        }
        let emergency = emergency.map {
            ReleaseWord(
                severity: .warning, reason: "Emergency",
                message: "\($0.confirmedBy) says that it cannot wait: \($0.reason)")
        }
        return approvals + accepted + (target == .draft ? [] : [asked] + again) + [emergency].compactMap(\.self)
    }
}
