/// A project on a code host, whatever the forge that leads there is called: two forges of one address are one.
struct HostedProject: Hashable, Sendable {
    private let host: String
    private let project: String

    init(_ forge: ForgeSpec, project: String) {
        let (address, ignoresCase) =
            switch forge.host {
            case .local(let spec): (spec.path, false)
            case .gerrit(let spec): (spec.url.lowercased(), false)
            case .gitLab(let spec): (spec.url.lowercased(), true)
            case .gitHub(let spec): (spec.url.lowercased(), true)
            case .gitee(let spec): (spec.url.lowercased(), true)
            }
        var host = Substring(address)
        while host.last == "/" { host.removeLast() }
        self.host = String(host)
        self.project = ignoresCase ? project.lowercased() : project
    }
}
