import AsyncHTTPClient
import DesiredState
import Foundation
import NIOCore
import NIOHTTP1

@testable import SluiceCLI

/// Asks a controller for everything that its own description says can be read.
struct InterfaceWalk {
    let server: String
    let token: String

    /// An answer as it came over the wire.
    struct Answer: Sendable {
        let path: String
        let status: Int
        /// Header fields and body.
        let text: String
    }

    /// Every route that is read with GET, for every object there is.
    func all() async throws -> [Answer] {
        let description = try await document("/api/v1/openapi.json")
        let templates = (description["paths"]?.object ?? [:]).filter { $0.value["get"] != nil }.keys.sorted()
        let objects = try await items("/api/v1/resources?limit=500").compactMap { item -> (String, String)? in
            guard let kind = item["kind"]?.string, let name = item["metadata"]?["name"]?.string else { return nil }
            return (kind, name)
        }
        let registries = objects.filter { $0.0 == "Registry" }.map(\.1)
        let lists = ["/api/v1/runs", "/api/v1/deliveries", "/api/v1/notices", "/api/v1/configuration/changes"]
        var ids: [String: [String]] = [:]
        for list in lists {
            ids[list] = try await items("\(list)?limit=500").compactMap { $0["id"]?.integer }.map { String($0) }
        }
        var answers: [Answer] = []
        for template in templates {
            let known = lists.first { template.hasPrefix("\($0)/") }.flatMap { ids[$0] } ?? ["1"]
            let filled: [String]
            if template.contains("{kind}") {
                filled = objects.map {
                    template.replacing("{kind}", with: $0.0).replacing("{name}", with: $0.1)
                        .replacing("{pass}", with: "1")
                }
            } else {
                filled = known.flatMap { id in
                    (template.contains("{registry}") ? registries : [""]).map {
                        template.replacing("{id}", with: id).replacing("{registry}", with: $0)
                            .replacing("{name}", with: "visit").replacing("{release}", with: "none")
                    }
                }
            }
            for path in Set(filled).sorted() { answers.append(try await get(path)) }
        }
        return answers
    }

    /// Reads a path, whatever is answered.
    func get(_ path: String, authorization: String? = nil) async throws -> Answer {
        try await send(path, "GET", [("Authorization", authorization ?? "Bearer \(token)")], nil)
    }

    /// Posts a body, whatever is answered.
    func post(_ path: String, _ headers: [(String, String)], _ body: String) async throws -> Answer {
        try await send(path, "POST", headers, body)
    }

    private func send(
        _ path: String, _ method: String, _ headers: [(String, String)], _ body: String?
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: server + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(600))
        let content = try await response.body.collect(upTo: 64 << 20)
        return Answer(
            path: path, status: Int(response.status.code),
            text: "\(response.headers)\n\n\(String(buffer: content))")
    }

    private func document(_ path: String) async throws -> JSONValue {
        let answer = try await get(path)
        let body = answer.text.split(separator: "\n\n", maxSplits: 1).last ?? ""
        return try JSONValue(parsing: String(body))
    }

    func items(_ path: String) async throws -> [JSONValue] { try await document(path)["items"]?.array ?? [] }
}
