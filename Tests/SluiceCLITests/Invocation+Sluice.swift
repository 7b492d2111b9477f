import Foundation
import Terminal
import TestSupport

@testable import SluiceCLI

extension Invocation {
    /// Runs a command line, without the program's own name.
    static func run(
        _ arguments: String..., environment: [String: String] = [:], interactive: Bool = false, answer: String? = nil
    ) async -> Invocation {
        await record(environment: environment, interactive: interactive, answer: answer) { context in
            await Sluice.run(arguments, in: context)
        }
    }
}

/// The parts of the repository that tests read.
enum Checkout {
    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path(percentEncoded: false)
}
