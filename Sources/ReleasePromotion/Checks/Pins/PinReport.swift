public import DesiredState
public import Diagnostics
import Puppetfile

/// Whether the pins of a Puppetfile exist. Pure: made of what is known of each.
public struct PinReport: Hashable, Sendable {
    /// What was found, in the order of the Puppetfile.
    public let findings: [Diagnostic]
    /// What was not looked at.
    public let unchecked: [TreeReport.Unchecked]

    /// Judges pins.
    ///
    /// - Parameter missing: What is done about pins that do not exist.
    public init(_ modules: [PinnedModule], missing: ControlChecks.Policy) {
        findings = missing == .allow ? [] : modules.compactMap { Self.finding($0, missing) }
        unchecked = missing == .allow ? [] : Self.gaps(modules)
    }

    /// Whether nothing was found that refuses the tree.
    public var isAccepted: Bool { !findings.contains { $0.severity == .error } }

    private static func finding(_ pinned: PinnedModule, _ missing: ControlChecks.Policy) -> Diagnostic? {
        let module = pinned.module
        switch pinned.fact {
        case .missing:
            return Diagnostic(
                missing == .refuse ? .error : .warning, code: "check.pin-missing", at: module.location,
                "the repository of the module \(module.name) has no \(module.pin.noun)",
                hint: "push it there, or pin what is there: a deploy would stop half done")
        case .abandoned:
            return Diagnostic(
                .warning, code: "check.pin-abandoned", at: module.location,
                "the \(module.pin.noun) of the module \(module.name) is on no branch and no tag",
                hint: "the code host may remove it any time: merge it, or tag it")
        case .present, .unconfigured, .unreachable, .unanswerable: return nil
        }
    }

    private static func gaps(_ modules: [PinnedModule]) -> [TreeReport.Unchecked] {
        let reasons: [(PinFact, String)] = [
            (.unconfigured, "no repository is configured for"), (.unreachable, "the repository could not be asked for"),
            (.unanswerable, "the pin names nothing that can be looked up for"),
        ]
        return reasons.compactMap { fact, words in
            let names = modules.filter { $0.fact == fact }.map(\.module.name)
            guard !names.isEmpty else { return nil }
            let more = names.count > shownNames ? " and \(names.count - shownNames) more" : ""
            return .init(.pins, "\(words) \(names.prefix(shownNames).joined(separator: ", "))\(more)")
        }
    }

    private static let shownNames = 10
}
