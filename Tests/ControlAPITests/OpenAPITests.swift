import ControlAPI
import DesiredState
import StateStore
import Testing

@Suite struct OpenAPITests {
    private func document() async throws -> JSONValue {
        try await ask(FakeServices(), "/api/v1/openapi.json").json
    }

    /// The operations with their paths and methods.
    private func operations(_ document: JSONValue) -> [(path: String, method: String, operation: JSONValue)] {
        (document["paths"]?.object ?? [:]).flatMap { path, methods in
            (methods.object ?? [:]).map { (path, $0.key, $0.value) }
        }
    }

    @Test("Every operation has a name of its own, a sentence, and its path's parameters")
    func operations() async throws {
        let operations = operations(try await document())
        #expect(operations.count > 20)
        let names = operations.compactMap { $0.operation["operationId"]?.string }
        #expect(Set(names).count == operations.count)
        for (path, method, operation) in operations {
            #expect(operation["summary"]?.string?.hasSuffix(".") == true, "\(method) \(path)")
            let inPath = path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            let described = (operation["parameters"]?.array ?? []).filter { $0["in"] == "path" }
            #expect(described.compactMap { $0["name"]?.string } == inPath, "\(method) \(path)")
        }
    }

    @Test("Every schema that is referred to is there")
    func references() async throws {
        let document = try await document()
        let schemas = try #require(document["components"]?["schemas"]?.object)
        func references(in value: JSONValue) -> [String] {
            switch value {
            case .object(let members):
                (members["$ref"]?.string).map { [$0] } ?? members.values.flatMap { references(in: $0) }
            case .array(let elements): elements.flatMap { references(in: $0) }
            default: []
            }
        }
        for reference in Set(references(in: document)) {
            #expect(schemas[String(reference.dropFirst("#/components/schemas/".count))] != nil, "\(reference)")
        }
    }

    @Test("What is answered is what is described, errors included")
    func answers() async throws {
        let document = try await document()
        let services = FakeServices(
            FakeServices.World(
                candidates: [Given.candidate("1042"), Given.candidate("7", .failed, outcome: .failed(reason: "x"))],
                master: MasterVersion(id: "a", name: "b", published: true), tables: [try Given.table()],
                runs: [Given.run(2, .failed), Given.run(1)], tasks: [Given.task(1, run: 1)],
                resources: [Given.resource("Registry", "land")], events: [Given.event(1)],
                checks: [ReadinessCheck("a"), ReadinessCheck("b", problem: "c")]))
        let examples = [
            "id": "1", "name": "land", "kind": "Registry", "registry": "land", "pass": "1",
        ]
        for (path, method, operation) in operations(document) {
            for fills in [true, false] {
                var target = path
                if path.contains("/versions/") {
                    target = target.replacing("{id}", with: "1042").replacing("{name}", with: "area")
                }
                for (name, value) in examples {
                    target = target.replacing("{\(name)}", with: fills || name == "registry" ? value : "unknown")
                }
                let reply = try await ask(
                    services, target, method: method.uppercased(), body: #"{"project":"land"}"#)
                let responses = operation["responses"]
                let response = try #require(responses?["\(reply.status)"] ?? responses?["default"])
                let contents = response["content"]?.object
                let described = ["application/json", "application/problem+json"].lazy.compactMap { contents?[$0] }.first
                guard let schema = described?["schema"] else {
                    #expect((reply.text == "") == (contents == nil), "\(method) \(target)")
                    continue
                }
                let problems = SchemaCheck(document).problems(reply.json, schema, at: "\(method) \(target)")
                #expect(problems == [])
            }
        }
    }
}

/// Checks a value against as much of JSON Schema as the description uses.
private struct SchemaCheck {
    private let document: JSONValue

    init(_ document: JSONValue) { self.document = document }

    func problems(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.string?.split(separator: "/").last,
            let target = document["components"]?["schemas"]?[String(reference)]
        {
            return problems(value, target, at: place)
        }
        if let alternatives = schema["oneOf"]?.array {
            let fits = alternatives.count { problems(value, $0, at: place).isEmpty }
            return fits == 1 ? [] : ["\(place): fits \(fits) alternatives"]
        }
        if let words = schema["enum"]?.array {
            return words.contains(value) ? [] : ["\(place): \(value) is no known word"]
        }
        let types = schema["type"]?.array?.compactMap(\.string) ?? (schema["type"]?.string).map { [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { isOf($0, value) }) { return ["\(place): \(value) is no \(types)"] }
        switch value {
        case .array(let elements):
            guard let items = schema["items"] else { return [] }
            return elements.enumerated().flatMap { problems($1, items, at: "\(place)[\($0)]") }
        case .object(let members):
            let required = schema["required"]?.array?.compactMap(\.string) ?? []
            var found = required.filter { members[$0] == nil }.map { "\(place).\($0): is missing" }
            for (key, member) in members {
                if let property = schema["properties"]?[key] {
                    found += problems(member, property, at: "\(place).\(key)")
                } else if schema["additionalProperties"] == false {
                    found.append("\(place).\(key): is not described")
                } else if let additional = schema["additionalProperties"], additional.object != nil {
                    found += problems(member, additional, at: "\(place).\(key)")
                }
            }
            return found
        default: return []
        }
    }

    private func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("integer", .integer), ("number", .integer), ("number", .number),
            ("string", .string), ("array", .array), ("object", .object):
            true
        default: false
        }
    }
}
