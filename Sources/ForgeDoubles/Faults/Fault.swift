import Diagnostics

/// Something that is to go wrong, on which requests, and how often.
package struct Fault: Hashable, Sendable, Codable {
    /// What goes wrong.
    package enum Effect: String, Hashable, Sendable, Codable, CaseIterable {
        /// A status of the host's own, with its own error body; ``Fault/status`` says which. Nothing is done.
        case status
        /// The host was asked too often and names no time, in its own way: GitHub's secondary limit. Nothing is done.
        case limited
        /// A page for people instead of JSON, as a login proxy answers: with ``Fault/status``, or 200. Nothing is done.
        case html
        /// A page that repeats the request, credentials included, as some proxies do when they refuse one: with
        /// ``Fault/status``, or 401. Nothing is done.
        case echo
        /// The request is done; the connection breaks in the middle of the answer.
        case truncatedBody
        /// The request is done; the answer is whole for HTTP and stops in the middle of its JSON.
        case truncatedJSON
        /// The request is done; the answer comes one byte at a time, ``Fault/pause`` milliseconds apart.
        case slowBody
        /// The request is done; after one byte of the answer nothing more comes, for as long as the double runs.
        case stalledBody
        /// The connection is closed instead of an answer. Nothing is done.
        case connectionClosed
        /// The request is done, and the connection is closed instead of an answer.
        case answerLost
        /// A list is empty, and says so in every way it can.
        case emptyList
        /// A later page of a list is the page before it once more.
        case repeatedPage
        /// A later page of a list is empty, though headers count what is missing.
        case missingPage
        /// Later pages of a list come in another order.
        case shuffledPages
        /// Just before the request is served, the candidate ``Fault/candidate`` gets a new revision.
        case headMoved
        /// Just before the request is served, the candidate is closed.
        case candidateClosed
        /// Just before the request is served, the candidate is merged.
        case candidateMerged

        /// Whether it is about pages of lists after the first.
        var isAboutLaterPages: Bool { [.repeatedPage, .missingPage, .shuffledPages].contains(self) }
        /// Whether it changes the world before the request is served.
        var isDisturbance: Bool { [.headMoved, .candidateClosed, .candidateMerged].contains(self) }
    }

    /// The requests' method; nil for any.
    package var method: String?
    /// The requests' path as it comes, without the query; `*` stands for anything.
    package var path: String
    /// How many such requests pass unharmed first.
    package var skip: Int
    /// How many are harmed then.
    package var times: Int
    package var effect: Effect
    package var status: Int?
    /// Seconds, for a `Retry-After` header.
    package var retryAfter: Int?
    /// Milliseconds.
    package var pause: Int?
    /// The candidate that is disturbed, and its project.
    package var candidate: Int?
    package var project: String?

    package init(
        _ effect: Effect, on path: String = "*", method: String? = nil, skip: Int = 0, times: Int = 1,
        status: Int? = nil, retryAfter: Int? = nil, pause: Int? = nil, candidate: Int? = nil, project: String? = nil
    ) {
        self.effect = effect
        self.path = path
        self.method = method
        self.skip = skip
        self.times = times
        self.status = status
        self.retryAfter = retryAfter
        self.pause = pause
        self.candidate = candidate
        self.project = project
    }

    private enum Key: String, CodingKey {
        case method, path, skip, times, effect, status, retryAfter, pause, candidate, project
    }

    /// Reads a fault; only `effect` must be given.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            try values.decode(Effect.self, forKey: .effect),
            on: try values.decodeIfPresent(String.self, forKey: .path) ?? "*",
            method: try values.decodeIfPresent(String.self, forKey: .method),
            skip: try values.decodeIfPresent(Int.self, forKey: .skip) ?? 0,
            times: try values.decodeIfPresent(Int.self, forKey: .times) ?? 1,
            status: try values.decodeIfPresent(Int.self, forKey: .status),
            retryAfter: try values.decodeIfPresent(Int.self, forKey: .retryAfter),
            pause: try values.decodeIfPresent(Int.self, forKey: .pause),
            candidate: try values.decodeIfPresent(Int.self, forKey: .candidate),
            project: try values.decodeIfPresent(String.self, forKey: .project))
    }

    /// Whether a request is one of those.
    func concerns(method: String, path: String) -> Bool {
        (self.method == nil || self.method == method) && Fault.matches(self.path, path)
    }

    private static func matches(_ pattern: String, _ path: String) -> Bool {
        let parts = pattern.parts(at: "*")
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return pattern == path }
        guard path.begins(with: first), path.dropFirst(first.count).ends(with: last) else { return false }
        var rest = path.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let found = rest.firstRange(of: part) else { return false }
            rest = rest[found.upperBound...]
        }
        return true
    }
}
