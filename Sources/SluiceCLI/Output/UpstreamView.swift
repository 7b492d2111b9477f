import DesiredState
import Foundation
import Terminal

/// Upstreams of the API for people.
enum UpstreamView {
    /// A row for each upstream.
    static func list(_ upstreams: [JSONValue], isWide: Bool) -> Table {
        let now = CommandContext.current.now()
        var columns = ["NAME", "STATE", "REASON", "BEHIND", "REQUEST", "LAST SCAN", "NEXT SCAN"]
        if isWide { columns += ["CURSOR", "HEAD", "PACKAGE", "WAITING ON"] }
        var table = Table(columns)
        for upstream in upstreams {
            let (spec, status) = (upstream["spec"], upstream["status"])
            let package = spec?["package"]
            var cells: [String?] = [
                upstream["metadata"]?["name"]?.string.map { ResourceView.fitting($0, isWide: isWide) },
                ResourceView.standing(upstream), reason(upstream), status?["behind"]?.integer.map(String.init),
                status?["request"]?.string, Age.since(status?["lastHandledReconcile"]?["at"], now: now),
                Age.until(status?["nextLook"], now: now),
            ]
            if isWide {
                let place = [package?["forge"]?.string, package?["project"]?.string].compactMap(\.self)
                cells += [
                    ResourceView.abbreviated(status?["cursor"]), ResourceView.abbreviated(status?["head"]),
                    place.joined(separator: ":") + "@" + (package?["branch"]?.string ?? ""),
                    status?["waitingOn"]?["what"]?.string,
                ]
            }
            table.add(cells)
        }
        return table
    }

    /// The patches that are proposed: a row for each.
    static func patches(of upstream: JSONValue, isWide: Bool) -> Table {
        var table = Table(["#", "COMMIT", "FITS", "SUBJECT", "AUTHOR"])
        for (index, patch) in (upstream["status"]?["patches"]?.array ?? []).enumerated() {
            let words = ["clean": "yes", "offset": "yes, moved", "alreadyApplied": "has it", "conflict": "no"]
            let subject = patch["subject"]?.string ?? ""
            table.add([
                String(index + 1), ResourceView.abbreviated(patch["commit"]),
                patch["status"]?.string.map { words[$0] ?? $0 }, isWide ? subject : subject.cut(to: 60),
                patch["author"]?.string.map { isWide ? $0 : $0.cut(to: 24) },
            ])
        }
        return table
    }

    /// What is to be said beside the table.
    static func notes(on upstream: JSONValue, now: Date) -> [String] {
        let (spec, status) = (upstream["spec"], upstream["status"])
        let source = spec?["source"]
        let place = source?["url"]?.string ?? source?["project"]?.string ?? ""
        var lines = ["\(place) at \(source?["branch"]?.string ?? "")"]
        if let cursor = status?["cursor"]?.string {
            lines.append("cursor \(cursor)\(behind(status))")
        }
        for (index, patch) in (status?["patches"]?.array ?? []).enumerated() {
            if let reason = patch["reason"]?.string { lines.append("patch \(index + 1): \(reason)") }
        }
        if let left = status?["remaining"]?.integer { lines.append("\(left) commits come with later merge requests") }
        for name in status?["absorbed"]?.array?.compactMap(\.string) ?? [] {
            lines.append("upstream has \(name) by now; it can be dropped")
        }
        if let request = status?["request"]?.string { lines.append("merge request \(request)") }
        if let problem = status?["issueProblem"]?.string { lines.append("no issue: \(problem)") }
        if let message = ResourceView.condition("Ready", of: upstream)?["message"]?.string, !message.isEmpty {
            lines.append(message)
        }
        if let until = status?["waitingOn"]?["what"]?.string, !lines.contains("waiting for \(until)") {
            lines.append("until: \(until)")
        }
        let last = Age.since(status?["lastHandledReconcile"]?["at"], now: now).map { "last scan \($0) ago" }
        let next = Age.until(status?["nextLook"], now: now).map { "next scan \($0)" }
        let scans = [last, next].compactMap(\.self).joined(separator: ", ")
        return scans.isEmpty ? lines : lines + [scans]
    }

    /// What the hosts allow that are asked for an upstream.
    /// - Parameter forges: The Forges of upstream and package.
    static func limits(of upstream: JSONValue, forges: [JSONValue], _ hosts: JSONValue, now: Date) -> [String] {
        let forges = forges.map { $0["spec"] }.map { spec in spec?["type"]?.string.flatMap { spec?[$0]?["url"]?.string }
        }
        let urls = [upstream["spec"]?["source"]?["url"]?.string] + forges
        let asked = Set(urls.compactMap { $0.flatMap { URL(string: $0)?.host() } })
        return (hosts["items"]?.array ?? []).compactMap { item in
            guard let origin = item["origin"]?.string, let name = URL(string: origin)?.host(),
                asked.contains(where: { name == $0 || name == "api.\($0)" })
            else { return nil }
            let left = item["remaining"]?.integer.map { "\($0) of \(item["limit"]?.integer ?? 0) requests left" }
            let resets = Age.until(item["resets"], now: now).map { "resets \($0)" }
            let words = [item["state"]?.string, left, resets].compactMap(\.self).joined(separator: ", ")
            return "\(origin): \(words)"
        }
    }

    private static func behind(_ status: JSONValue?) -> String {
        guard let count = status?["behind"]?.integer, count > 0 else { return "" }
        return ", \(count) commit\(count == 1 ? "" : "s") behind \(ResourceView.abbreviated(status?["head"]) ?? "")"
    }

    private static func reason(_ upstream: JSONValue) -> String? {
        for type in ["Stalled", "Ready", "Reconciling"] {
            guard let condition = ResourceView.condition(type, of: upstream) else { continue }
            if type == "Ready" || condition["status"]?.string == "True" { return condition["reason"]?.string }
        }
        return nil
    }
}
