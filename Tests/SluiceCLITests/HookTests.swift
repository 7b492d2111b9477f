import Foundation
import Terminal
import Testing

@testable import SluiceCLI

@Suite("The hook that the demonstration installs")
struct HookTests {
    @Test("It is the one in hooks/")
    func same() throws {
        let shipped = try String(contentsOfFile: "\(Checkout.root)/hooks/post-receive", encoding: .utf8)
        #expect(PostReceiveHook.text == shipped)
    }
}
