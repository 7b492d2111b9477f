import AccessControl
import DesiredState

/// `/api/v1/registries/{registry}/cleanup`: shows what is held for a registry, and takes it down.
struct CleanupRoutes {
    private let cleanups: any RegistryCleanups

    init(_ cleanups: any RegistryCleanups) { self.cleanups = cleanups }

    var routes: [Route] {
        [
            Route(
                method: .get, pattern: "/api/v1/registries/{registry}/cleanup", surface: .control,
                operation: "previewCleanup", summary: "Everything that a cleanup of the registry would take down.",
                access: .needs(.read, Self.object),
                outcomes: [.init(status: 200, summary: "The plan.", schema: .reference("Plan"))], handle: preview),
            Route(
                method: .post, pattern: "/api/v1/registries/{registry}/cleanup", surface: .control,
                operation: "cleanUpRegistry",
                summary: "Drops all databases, templates and private roles of a registry.",
                access: .needs(.cleanUp, Self.object),
                query: [
                    .init(
                        name: "steps", summary: "How many steps of the plan were seen and agreed to.",
                        schema: ["type": "integer", "minimum": 1])
                ],
                outcomes: [.init(status: 202, summary: "It will be done.", schema: .reference("ReconcileTicket"))],
                handle: cleanUp),
        ]
    }

    @Sendable private static func object(_ call: Call) -> AccessObject {
        .resource(.registry, call.parameter("registry"))
    }

    private func preview(_ call: Call) async throws -> Answer {
        Answer(PlanBody.body(try await cleanups.preview(call.parameter("registry"))))
    }

    private func cleanUp(_ call: Call) async throws -> Answer {
        guard let steps = call.value("steps").flatMap(Int.init), steps > 0 else {
            throw CallFailure.badParameter("steps", "the number of steps that GET shows")
        }
        let registry = call.parameter("registry")
        let ticket = try await cleanups.cleanUp(registry, agreedTo: steps)
        return Answer(
            status: .accepted,
            ["kind": .string(ticket.kind), "name": .string(registry), "pass": .integer(Int(ticket.pass))])
    }
}
