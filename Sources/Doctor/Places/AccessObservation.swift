/// Who may come in.
public struct AccessObservation: Sendable, Hashable {
    /// Whether everybody proves who they are.
    public var requiresProof: Bool
    /// Whether anybody may look at everything.
    public var isReadOpen: Bool
    /// Whether bindings say who may do what.
    public var hasBindings: Bool
    /// Whether some of them cannot be read by this version.
    public var hasUnreadableBindings: Bool

    /// Makes an observation.
    public init(requiresProof: Bool, isReadOpen: Bool = false, hasBindings: Bool, hasUnreadableBindings: Bool = false) {
        self.requiresProof = requiresProof
        self.isReadOpen = isReadOpen
        self.hasBindings = hasBindings
        self.hasUnreadableBindings = hasUnreadableBindings
    }

    /// What is found of it.
    public var findings: [Finding] {
        let guide = "docs/how-to/give-a-team-access.md"
        var found: [Finding] = []
        if hasUnreadableBindings {
            found.append(
                .failed(
                    "access.bindings", "a RoleBinding cannot be read by this version, and gives nobody any rights",
                    fix: "run the version that wrote it, or correct it: sluice get rolebindings"))
        }
        if !requiresProof {
            found.append(
                .warning(
                    "access.proof", "whoever has an account on this machine may do everything",
                    fix: "if others have one: sluice serve --require-authentication; see \(guide)"))
        } else if isReadOpen {
            found.append(
                .warning(
                    "access.proof", "anybody who reaches the interface may look at everything",
                    fix: "leave --anonymous-read out unless that is meant"))
        } else {
            found.append(.ok("access.proof", "everybody proves who they are"))
        }
        if requiresProof, !hasBindings, !hasUnreadableBindings {
            found.append(
                .notChecked(
                    "access.bindings", "no RoleBinding gives anybody rights, but for the access token's", fix: guide))
        }
        return found
    }
}
