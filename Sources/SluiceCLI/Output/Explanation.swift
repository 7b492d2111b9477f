import DesiredState
import Diagnostics
import Foundation

/// Why an object stands as it does: made of what the interface says of it, for people.
struct Explanation {
    let resource: JSONValue
    let plan: JSONValue?
    /// Why there is no plan, when one was asked for and could not be made.
    var obstacle: String?
    let lastRun: JSONValue?
    let now: Date

    /// Whether the world is as desired, by what was noted of it and by what it looks like now.
    var isReady: Bool {
        condition("Ready")?["status"]?.string == "True" && obstacle == nil && (freshStanding ?? "ready") == "ready"
    }

    /// How the object would stand after what is to be done now; nil when nobody looked.
    private var freshStanding: String? { plan?["result"]?["standing"]?.string }

    /// The sentences.
    var lines: [String] {
        var lines = ["\(ResourceView.name(resource) ?? "") is \(standing)"]
        lines += Self.field("because", reason)
        if let waiting = resource["status"]?["waitingOn"], let what = waiting["what"]?.string {
            let since = Age.since(waiting["since"], now: now).map { ", for \($0)" } ?? ""
            lines += Self.field("waits for", what + since)
        }
        lines += Self.field("next look", Age.until(resource["status"]?["nextLook"], now: now) ?? "when something asks")
        lines += planned
        lines += ran
        return lines
    }

    private var standing: String {
        let word: String =
            switch ResourceView.standing(resource) {
            case "Ready"?: "ready"
            case "Stalled"?: "stalled: nothing is tried until its input changes"
            case "Reconciling"?: "being worked on, or waiting its turn"
            case "Going"?: "being taken down"
            case "Suspended"?: "suspended"
            case "NotReady"?: "not ready"
            default: "not looked at by anything"
            }
        let since = ["Ready", "Stalled", "Reconciling"].lazy.compactMap { condition($0) }
            .first { $0["status"]?.string == "True" }
        return word + (Age.since(since?["lastTransitionTime"], now: now).map { ", since \($0) ago" } ?? "")
    }

    private var reason: String? {
        for type in ["Stalled", "Ready", "Reconciling"] {
            if let condition = condition(type), condition["status"]?.string == "True" || type == "Reconciling" {
                return condition["message"]?.string
            }
        }
        return nil
    }

    private var planned: [String] {
        if let obstacle { return Self.field("to do now", "the world cannot be looked at: \(obstacle)") }
        guard let plan else { return [] }
        let tasks = plan["tasks"]?.array ?? []
        let todo = tasks.isEmpty ? Self.field("to do now", "nothing") : fields(of: tasks)
        let message = plan["result"]?["message"]?.string ?? ""
        guard let freshStanding, freshStanding != "ready", message != reason else { return todo }
        return todo + Self.field("then", "\(freshStanding): \(message)")
    }

    private func fields(of tasks: [JSONValue]) -> [String] {
        tasks.enumerated().flatMap { index, task in
            Self.field(index == 0 ? "to do now" : "", "\(task["action"]?.string ?? "") \(task["target"]?.string ?? "")")
        }
    }

    private var ran: [String] {
        guard let lastRun, let id = lastRun["id"]?.integer else { return [] }
        let age = Age.since(lastRun["startedAt"], now: now).map { " \($0) ago" } ?? ""
        return Self.field("last run", "\(id)\(age): \(lastRun["status"]?.string ?? ""); sluice history show \(id)")
    }

    private func condition(_ type: String) -> JSONValue? { ResourceView.condition(type, of: resource) }

    /// A name and what it is, the lines of the text below each other.
    static func field(_ name: String, _ text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        return text.words(at: "\n").enumerated().map { index, line in
            let label = index == 0 && !name.isEmpty ? "\(name):" : ""
            return "  " + label + String(repeating: " ", count: max(1, 12 - label.count)) + line
        }
    }
}
