import DesiredState

/// The interface as OpenAPI 3.1, made of the same table that answers.
enum OpenAPIDocument {
    /// The route under which the description of all others is found, with itself among them.
    static func route(describing others: [Route]) -> Route {
        route(answering: document(of: others + [route(answering: .null)]))
    }

    private static func route(answering document: JSONValue) -> Route {
        Route(
            method: .get, pattern: "/api/v1/openapi.json", surface: .control, operation: "getDescription",
            summary: "This document.", access: .authenticated,
            outcomes: [.init(status: 200, summary: "OpenAPI 3.1.", schema: ["type": "object"])]
        ) { _ in Answer(document) }
    }

    /// The description of routes.
    static func document(of routes: [Route]) -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for route in routes {
            paths[route.pattern.template, default: [:]][route.method.rawValue.lowercased()] = operation(route)
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Sluice", "version": "v1alpha1",
                "description": "Candidate databases of registries, and the controller that makes them.",
            ],
            "security": [[:], ["bearer": []], ["accessToken": []], ["password": []]],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "password": ["type": "http", "scheme": "basic"],
                    "accessToken": ["type": "apiKey", "in": "header", "name": "X-Access-Token"],
                ],
            ],
        ]
    }

    private static var schemas: [String: JSONValue] {
        let groups = [
            VersionInfo.schemas, TableBodies.schemas, RunBodies.schemas, RetentionRoutes.schemas, ResourceBody.schemas,
            PlanBody.schemas,
            EventRoutes.schemas, SchemaChangeRoutes.schemas, ConfigurationRoutes.schemas, DeliveryBodies.schemas,
            NoticeRoutes.schemas,
            HostRoutes.schemas, DoctorRoutes.schemas, UpstreamRoutes.schemas, HealthRoutes.schemas,
            AccessRoutes.schemas,
            TokenRoutes.schemas, AuditRoutes.schemas,
            ["Problem": FailureForm.problemSchema, "PlatformError": FailureForm.platformSchema],
            ["TransactionError": FailureForm.transactionSchema], TransactionRoutes.schemas,
        ]
        return groups.reduce(into: [:]) { all, group in all.merge(group) { first, _ in first } }
    }

    private static func operation(_ route: Route) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        for outcome in route.outcomes {
            var response: [String: JSONValue] = ["description": .string(outcome.summary)]
            var content: [String: JSONValue] = [:]
            if let schema = outcome.schema { content["application/json"] = ["schema": schema] }
            for type in outcome.otherTypes { content[type] = ["schema": .text] }
            if !content.isEmpty { response["content"] = .object(content) }
            if route.surface == .versions { response["headers"] = versionHeaders }
            responses[String(outcome.status)] = .object(response)
        }
        responses["default"] = failure(on: route.surface)
        var operation: [String: JSONValue] = [
            "operationId": .string(route.operation), "summary": .string(route.summary),
            "tags": [.string(route.surface.rawValue)], "responses": .object(responses),
            "parameters": .array(parameters(route)), "x-sluice-access": route.access.description,
        ]
        if let body = route.body {
            operation["requestBody"] = ["required": true, "content": ["application/json": ["schema": body]]]
        }
        if [.health, .webhooks].contains(route.surface) { operation["security"] = [] }
        return .object(operation)
    }

    private static func parameters(_ route: Route) -> [JSONValue] {
        let path: [JSONValue] = route.pattern.parameters.map { name in
            ["name": .string(name), "in": "path", "required": true, "schema": .text]
        }
        let query: [JSONValue] = route.query.map { parameter in
            var member: [String: JSONValue] = [
                "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
                "schema": parameter.schema,
            ]
            if parameter.schema["type"] == "array" { member["explode"] = false }
            return .object(member)
        }
        return path + query
    }

    private static func failure(on surface: Route.Surface) -> JSONValue {
        switch surface {
        case .versions:
            [
                "description": "An error in the registry platform's form.",
                "content": ["application/json": ["schema": .reference("PlatformError")]],
            ]
        case .transactions:
            [
                "description": "An error in Fuel's form.",
                "content": ["application/json": ["schema": .reference("TransactionError")]],
            ]
        case .control, .tracking, .hooks, .webhooks, .health:
            [
                "description": "An error.",
                "content": ["application/problem+json": ["schema": .reference("Problem")]],
            ]
        }
    }

    private static let versionHeaders: JSONValue = [
        "Sluice-Database-State": [
            "description": "How the database stands.", "schema": .words(DatabaseState.allCases.map(\.rawValue)),
        ],
        "Sluice-Revision": ["description": "The revision that the answer shows.", "schema": .text],
    ]
}
