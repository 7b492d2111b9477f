import ArgumentParser
import DesiredState
import Terminal

/// `sluice doctor`: what is wrong with the installation, and what mends it.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Find out what is wrong with the installation, and what mends it.",
        discussion: """
            The controller looks, not this command: with its own account, secrets and network. It looks at the state store and its
            audit log, at desired state, at who may come in, at the servers of candidates' databases and what they are cloned
            from, at each forge (whether it knows us, what we may do in the projects, its clock, its rules for verdicts,
            its webhooks), and at its machine. Nothing is changed.

            A finding is ok; or a warning: it works, and somebody should look at it; or failed: something does not work; or not
            checked: nobody can tell, or it is not needed. Below each that is not ok stands what mends it.

            Ends with 0 when nothing has failed, with 1 when something has (with --strict: when there is a warning), and with 7
            when no controller answers; then the service's own words say why:
              systemctl status sluice; journalctl -u sluice -n 50

            EXAMPLES
              sluice doctor
              sluice doctor --strict --quiet || systemctl status sluice
              sluice doctor -o json | jq -r '.items[] | select(.state == "failed") | .fix'
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var server: ServerOptions

    @Flag(name: .long, help: "Take warnings for failures.")
    var strict = false

    @Flag(name: .long, help: "Leave out what is ok.")
    var quiet = false

    func run() async throws {
        // The controller takes two minutes at most.
        var found = try await server.client(deadline: .seconds(180)).get(["api", "v1", "doctor"]).body
        let whole = found
        let items = found["items"]?.array ?? []
        func count(_ state: String) -> Int { items.count { $0["state"]?.string == state } }
        if quiet, case .object(var members) = found {
            members["items"] = .array(items.filter { $0["state"]?.string != "ok" })
            found = .object(members)
        }
        switch output.output {
        case .table, .wide:
            for line in DoctorView.lines(found) { try CommandContext.current.console.print(line) }
            CommandContext.current.console.say(
                "\(count("ok")) ok, \(count("warning")) warnings, \(count("failed")) failed, "
                    + "\(count("not-checked")) not checked")
        case .json, .yaml, .name:
            try output.print(found, name: { $0["check"]?.string }) { _ in Table([]) }
        }
        guard DoctorView.isHealthy(whole, strict: strict) else { throw ExitStatus.notReady }
    }
}
