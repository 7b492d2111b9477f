import DesiredState
import Terminal

/// Hosts of the API as rows.
enum HostView {
    static func hosts(_ document: JSONValue) -> Table {
        let now = CommandContext.current.now()
        var table = Table(["HOST", "STATE", "UNTIL", "REQUESTS", "REMAINING", "LIMIT", "RESETS"])
        for host in document["items"]?.array ?? [] {
            table.add([
                host["origin"]?.string, host["state"]?.string, Age.until(host["until"], now: now),
                host["requests"]?.integer.map(String.init), host["remaining"]?.integer.map(String.init),
                host["limit"]?.integer.map(String.init), Age.until(host["resets"], now: now),
            ])
        }
        return table
    }
}
