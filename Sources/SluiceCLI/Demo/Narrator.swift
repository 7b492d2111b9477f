import Diagnostics
import Foundation
import Terminal

/// Tells the story: headings, sentences, commands as one would type them, and what they really printed.
struct Narrator: Sendable {
    let console: Console

    /// Begins a chapter.
    func chapter(_ number: Int, _ title: String) throws {
        try console.print()
        try console.print(console.paint("\(number). \(title)", .bold))
    }

    /// Says what happens and why.
    func say(_ sentence: String) throws { try console.print("   \(sentence)") }

    /// Shows a command.
    func command(_ line: String) throws { try console.print("   " + console.paint("$ \(line)", .cyan)) }

    /// Shows what something printed.
    func show(_ text: String) throws {
        for line in text.parts(at: "\n") {
            try console.print(line.isEmpty ? "" : "     \(line)")
        }
    }

    /// Says that something was seen to be so.
    func seen(_ sentence: String) throws { try console.print("   " + console.paint("✔ \(sentence)", .green)) }
}
