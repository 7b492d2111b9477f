/// One way into the engine for text that anybody may have written.
struct FuzzTarget: Sendable {
    /// What it is called on the command line; its inputs lie in the folder of that name.
    let name: String
    /// Handles one input. Whatever the input is, it must end soon, and with no trap.
    let run: @Sendable ([UInt8]) -> Void

    static let all: [FuzzTarget] =
        changelogs + texts + puppetfiles + patches + outside + [
            FuzzTarget(name: "statements", run: Statements.split),
            FuzzTarget(name: "tokens", run: Statements.tokens),
            FuzzTarget(name: "syntax", run: Statements.syntax),
        ]

    static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// What has to hold whatever the input is.
func promise(_ condition: Bool, _ sentence: String) {
    guard !condition else { return }
    fatalError("broken: \(sentence)")
}
