/// Where desired state comes from, and how that goes.
public struct ConfigurationObservation: Sendable, Hashable {
    /// Where it comes from, in words; nil when it is what people apply.
    public var source: String?
    /// Whether what the source says is in force; nil when nobody knows yet.
    public var isInForce: Bool?
    /// What the reconciler says of it.
    public var message: String
    /// How many objects are in force.
    public var objects: Int

    /// Makes an observation.
    public init(source: String?, isInForce: Bool?, message: String = "", objects: Int) {
        self.source = source
        self.isInForce = isInForce
        self.message = message
        self.objects = objects
    }

    /// What is found of it.
    public var findings: [Finding] {
        [origin] + (objects == 0 ? [nothing] : [])
    }

    private var origin: Finding {
        let check = "configuration.source"
        guard let source else { return .ok(check, "nothing is read: desired state is what people apply") }
        switch isInForce {
        case true?: return .ok(check, "\(source) is in force: \(objects) objects")
        case nil: return .notChecked(check, "\(source) has not been looked at yet")
        case false?:
            return .failed(
                check, "\(source) is not in force: \(message)", fix: "sluice explain configuration/desired-state")
        }
    }

    private var nothing: Finding {
        .warning(
            "configuration.objects", "nothing is desired, so nothing is done",
            fix: "write manifests: docs/how-to/add-a-registry.md")
    }
}
