import DesiredState
import Diagnostics
import Terminal

/// Webhooks of the API as rows.
enum DeliveryView {
    static func deliveries(_ document: JSONValue, isWide: Bool) -> Table {
        var columns = ["DELIVERY", "SOURCE", "EVENT", "HINT", "OUTCOME", "AGE"]
        if isWide { columns += ["REPEATS", "ATTEMPTS", "SIZE"] }
        var table = Table(columns + ["REASON"])
        for delivery in document["items"]?.array ?? [] {
            var cells = [
                delivery["id"]?.integer.map(String.init), delivery["source"]?.string,
                delivery["hint"]?["event"]?.string ?? delivery["event"]?.string, hint(delivery["hint"]),
                delivery["outcome"]?.string,
                Age.since(delivery["receivedAt"], now: CommandContext.current.now()),
            ]
            if isWide {
                cells += ["repeats", "attempts", "size"].map { delivery[$0]?.integer.map(String.init) }
            }
            table.add(cells + [delivery["reason"]?.string])
        }
        return table
    }

    /// The project, and the candidate or branch in it.
    private static func hint(_ hint: JSONValue?) -> String? {
        guard let project = hint?["project"]?.string ?? hint?["repository"]?.string else { return nil }
        if let candidate = hint?["candidate"]?.string { return "\(project) candidate \(candidate)" }
        guard let reference = hint?["reference"]?.string else { return project }
        return "\(project) \(reference.replacingAll("refs/heads/", with: ""))"
    }
}
