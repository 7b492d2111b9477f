import Diagnostics
import Foundation

/// The shape of a path: `/projects/{id}/merge_requests/{iid}`. `{name}` stands for one segment, `{name*}` at the end for
/// all that are left.
struct PathPattern: Sendable {
    private enum Part: Sendable {
        case literal(String)
        case one(String)
        case rest(String)
    }

    private let parts: [Part]

    init(_ text: String) {
        parts = text.words(at: "/").map { part in
            guard part.begins(with: "{"), part.ends(with: "}") else { return .literal(String(part)) }
            let name = part.dropFirst().dropLast()
            return name.ends(with: "*") ? .rest(String(name.dropLast())) : .one(String(name))
        }
    }

    /// What the names stand for, decoded; nil when the path has another shape.
    /// - Parameter path: Percent-encoded, so that `a%2Fb` is one segment.
    func match(_ path: some StringProtocol) -> [String: String]? {
        var segments = path.split(separator: Character("/")).map { String($0) }[...]
        var found: [String: String] = [:]
        for part in parts {
            switch part {
            case .literal(let text):
                guard segments.popFirst() == text else { return nil }
            case .one(let name):
                guard let segment = segments.popFirst()?.removingPercentEncoding else { return nil }
                found[name] = segment
            case .rest(let name):
                guard !segments.isEmpty, let rest = segments.joined(separator: "/").removingPercentEncoding else {
                    return nil
                }
                found[name] = rest
                segments = []
            }
        }
        return segments.isEmpty ? found : nil
    }
}
