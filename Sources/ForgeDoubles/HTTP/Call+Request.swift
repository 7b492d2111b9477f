import DesiredState
import Diagnostics
import Foundation
import HTTPTypes

extension Call {
    /// Decodes a request; nil when its path or query cannot be.
    init?(_ head: HTTPRequest, body: [UInt8]) {
        let target = (head.path ?? "/").parts(at: "?", maxSplits: 1)
        var query: [(name: String, value: String)] = []
        for pair in (target.dropFirst().first ?? "").words(at: "&") {
            guard let (name, value) = Self.pair(pair) else { return nil }
            query.append((name, value))
        }
        var headers: [String: String] = [:]
        for field in head.headerFields { headers[field.name.rawName.lowercased()] = field.value }
        method = head.method.rawValue
        path = String(target.first ?? "/")
        self.query = query
        self.headers = headers
        self.body = body
        input = Self.input(query, headers["content-type"] ?? "", body)
        baseURL = "http://\(head.authority ?? headers["host"] ?? "localhost")"
    }

    private static func pair(_ text: Substring) -> (String, String)? {
        let halves = text.parts(at: "=", maxSplits: 1).map {
            $0.replacingAll("+", with: " ").removingPercentEncoding
        }
        guard let name = halves.first ?? nil else { return nil }
        guard halves.count == 2 else { return (name, "") }
        return halves[1].map { (name, $0) }
    }

    private static func input(
        _ query: [(name: String, value: String)], _ type: String, _ body: [UInt8]
    ) -> JSONValue {
        var members: [String: JSONValue] = [:]
        for (name, value) in query { members[name] = .string(value) }
        let text = String(decoding: body, as: UTF8.self)
        if type.begins(with: "application/x-www-form-urlencoded") {
            for part in text.words(at: "&") {
                guard let (name, value) = pair(part) else { continue }
                members[name] = .string(value)
            }
        } else if type.contains("json"), let object = (try? JSONValue(parsing: text))?.object {
            members.merge(object) { _, given in given }
        }
        return .object(members)
    }

    /// The path with its query as it came, without tokens.
    var loggedPath: String {
        let secrets = ["access_token", "private_token"]
        guard !query.isEmpty else { return path }
        return "\(path)?"
            + query.map { "\($0.name)=\(secrets.contains($0.name) ? "…" : $0.value)" }.joined(separator: "&")
    }

    /// Whether a page of a list after the first is asked for.
    var isForLaterPage: Bool {
        (value("page").flatMap { Int($0) } ?? 1) > 1
            || ((value("S") ?? value("start")).flatMap { Int($0) } ?? 0) > 0
    }
}
