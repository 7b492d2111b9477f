import Diagnostics
import Foundation

/// The path and query of a request, decoded. A slash that was percent-encoded stays inside its segment.
struct RequestTarget: Hashable, Sendable {
    /// The segments of the path.
    let segments: [String]
    /// The query's names and values in order.
    let query: [(name: String, value: String)]

    /// Decodes a target; nil when it is not decodable, as with `%zz` or bytes that are no UTF-8.
    init?(_ target: String) {
        let target = target.parts(at: "#").first ?? ""
        let parts = target.parts(at: "?", maxSplits: 1)
        guard var path = parts.first, path.begins(with: "/") else { return nil }
        path.removeFirst()
        if path.ends(with: "/") { path.removeLast() }
        var segments: [String] = []
        for segment in path.parts(at: "/") {
            guard let decoded = String(segment).removingPercentEncoding else { return nil }
            segments.append(decoded)
        }
        var query: [(String, String)] = []
        for pair in parts.dropFirst().first?.words(at: "&") ?? [] {
            let halves = pair.parts(at: "=", maxSplits: 1)
                .map { $0.replacingAll("+", with: " ").removingPercentEncoding }
            guard let name = halves.first ?? nil, let value = halves.count == 2 ? halves[1] : "" else { return nil }
            query.append((name, value))
        }
        self.segments = segments
        self.query = query
    }

    static func == (left: RequestTarget, right: RequestTarget) -> Bool {
        left.segments == right.segments && left.query.elementsEqual(right.query, by: ==)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(segments) }
}
