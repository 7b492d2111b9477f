import DesiredState
import Foundation

/// The double's own interface, for those on this machine: what goes wrong, what was asked, what is told to others.
extension DoubleResponder {
    func control(_ call: Call) async -> Reply {
        do {
            switch (call.method, call.path) {
            case ("GET", "/-/faults"): return .json(200, try JSONValue(encoding: faults.pending))
            case ("PUT", "/-/faults"):
                faults.set(try decode([Fault].self, call))
                return Reply(204)
            case ("POST", "/-/faults"):
                faults.add(try decode(Fault.self, call))
                return Reply(204)
            case ("DELETE", "/-/faults"):
                faults.set([])
                return Reply(204)
            case ("GET", "/-/requests"): return .json(200, try JSONValue(encoding: log.entries))
            case ("DELETE", "/-/requests"):
                log.clear()
                return Reply(204)
            case ("POST", "/-/projects"):
                guard let path = call.text("path") else { throw WorldRefusal.invalid("path is missing") }
                try await turnstile.pass { _ = try await world.addProject(path) }
                return Reply(201)
            case ("PUT", "/-/webhook"):
                webhooks.set(try decode(WebhookTarget.self, call))
                return Reply(204)
            case ("GET", "/-/webhook/deliveries"): return .json(200, try JSONValue(encoding: webhooks.deliveries))
            case ("POST", "/-/webhook/release"):
                await webhooks.release(
                    copies: call.input["copies"]?.integer ?? 1, shuffledBy: call.input["seed"]?.integer)
                return Reply(204)
            default:
                return .text(404, "faults, requests, projects, webhook, webhook/deliveries, webhook/release\n")
            }
        } catch WorldRefusal.invalid(let reason) {
            return .text(400, "\(reason)\n")
        } catch {
            return .text(400, "\(error)\n")
        }
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ call: Call) throws -> Value {
        try JSONDecoder().decode(type, from: Data(call.body))
    }
}
