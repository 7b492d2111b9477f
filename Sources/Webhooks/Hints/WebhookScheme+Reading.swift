import Diagnostics

extension WebhookScheme {
    /// What a genuine delivery says. Every body has an answer, whatever is missing from it.
    /// - Parameter event: What ``event(of:)`` gave.
    public func reading(of body: [UInt8], event: String?) -> WebhookReading {
        guard let content = BodyFields.read(body, as: BodyContent.self, of: self) else {
            return .unreadable("the body is no JSON object")
        }
        guard let event = content.event ?? event else { return .unreadable("it does not say what happened") }
        guard concerns(event) else { return .nothing("\"\(event)\" changes nothing that is judged") }
        if let reference = content.reference, reference.begins(with: "refs/"), !reference.begins(with: "refs/heads/") {
            return .nothing("it is not about a branch")
        }
        guard content.project != nil || !content.addresses.isEmpty else {
            return .unreadable("it does not say which project it is about")
        }
        return .hint(
            WebhookHint(
                event: event, project: content.project, addresses: content.addresses, reference: content.reference,
                candidate: content.candidate))
    }

    /// The event as a header names it, for forges that do so; a word of at most 64 letters, digits, spaces, `_` and `-`.
    public func event(of delivery: WebhookDelivery) -> String? {
        let header: String? =
            switch self {
            case .github: delivery.only("X-GitHub-Event")
            case .gitlab: delivery.only("X-Gitlab-Event")
            case .gitee: delivery.only("X-Gitee-Event")
            case .gerrit: nil
            }
        return header.flatMap { EventName.plain($0) }
    }

    /// Whether a delivery only asks whether somebody is there.
    public func isPing(_ delivery: WebhookDelivery) -> Bool {
        switch self {
        case .github: delivery.only("X-GitHub-Event") == "ping"
        case .gitee: delivery.only("X-Gitee-Ping") == "true"
        case .gitlab, .gerrit: false
        }
    }

    /// Whether an event can have moved a branch or a candidate. What our own votes, comments and statuses cause is not
    /// among them: Sluice must not wake itself.
    private func concerns(_ event: String) -> Bool {
        switch self {
        case .github: ["push", "pull_request", "create", "delete"].contains(event)
        case .gitlab:
            ["push", "merge_request", "Push Hook", "Merge Request Hook"].contains(event)
        case .gitee:
            ["push_hooks", "merge_request_hooks", "Push Hook", "Merge Request Hook"].contains(event)
        case .gerrit:
            [
                "patchset-created", "change-merged", "change-abandoned", "change-restored", "change-deleted",
                "ref-updated", "batch-ref-updated", "wip-state-changed", "private-state-changed",
            ].contains(event)
        }
    }
}

/// Names of events, which are strangers' texts too.
enum EventName {
    static func plain(_ text: String) -> String? {
        guard (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: " "), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            })
        else { return nil }
        return text
    }
}
