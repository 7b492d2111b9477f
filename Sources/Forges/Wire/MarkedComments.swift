import Diagnostics
import Foundation

/// One comment of ours per marker, on a host whose comments can be edited.
struct MarkedComments {
    /// A comment as the host has it, its marker included.
    struct Written {
        let id: String
        let body: String
    }

    let marker: Marker
    /// Our own comment with the marker.
    let find: () async throws -> Written?
    let post: (_ body: String) async throws -> Void
    let edit: (_ id: String, _ body: String) async throws -> Void

    func comment() async throws -> Comment? {
        try await find().map { Comment(id: $0.id, text: marker.unmarked($0.body.replacingAll("\r\n", with: "\n"))) }
    }

    func keep(_ text: String) async throws -> CommentOutcome {
        let text = text.trimmedEnd
        guard let there = try await comment() else {
            try await post(marker.marking(text))
            return .posted
        }
        if there.text.utf8.elementsEqual(text.utf8) { return .alreadyThere }
        try await edit(there.id, marker.marking(text))
        return .edited
    }
}

/// The labels by which a verdict is seen in lists: `verified::passed`, `verified::failed`, `verified::running`.
struct VerdictLabels {
    let scope: String

    func label(of verdict: Verdict) -> String {
        switch verdict {
        case .success: "\(scope)::passed"
        case .failed: "\(scope)::failed"
        case .unknown: "\(scope)::running"
        }
    }

    /// Those of the scope that are there and should not be.
    func obsolete(in labels: [String], for verdict: Verdict?) -> [String] {
        let kept = verdict.map(label(of:))
        return Verdict.allCases.map(label(of:)).filter { $0 != kept && labels.contains($0) }
    }

    /// Whether exactly the verdict's label is there.
    func agree(with verdict: Verdict, in labels: [String]) -> Bool {
        labels.contains(label(of: verdict)) && obsolete(in: labels, for: verdict).isEmpty
    }
}

extension Verdict {
    /// The verdict as a commit's status.
    var statusState: CommitStatus.State {
        switch self {
        case .success: .success
        case .failed: .failed
        case .unknown: .running
        }
    }
}

extension CandidateID {
    /// The number of a merge request; nil for ids that none can have.
    var number: String? {
        guard let value = Int(rawValue), value > 0, String(value) == rawValue else { return nil }
        return rawValue
    }
}

/// Times of RFC 3339, with and without fractions of a second.
enum WebTime {
    static func date(_ text: String?) -> Date? {
        guard let text else { return nil }
        if let date = try? Date(text, strategy: .iso8601) { return date }
        return try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
