import Foundation
import Testing

@Suite("The reference of the doctor")
struct ReferenceTests {
    @Test("The reference has every check that there is, and no other")
    func reference() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let page = try String(contentsOf: root.appending(path: "docs/reference/doctor.md"), encoding: .utf8)
        var checks: Set<String> = []
        for folder in ["Sources/Doctor", "Sources/Doctor/Places"] {
            let files = try FileManager.default.contentsOfDirectory(
                at: root.appending(path: folder), includingPropertiesForKeys: nil)
            for file in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                checks.formUnion(text.matches(of: /"([a-z-]+\.[a-z-]+)"/).map { String($0.1) })
            }
        }
        checks.formUnion(["machine.git", "machine.puppet", "machine.puppet-lint"])
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains(".") }
        let told = Set(
            rows.flatMap { row in
                (row.split(separator: "|").first ?? "").matches(of: /`([a-z-]+\.[a-z-]+)`/).map { String($0.1) }
            })
        #expect(checks == told)
    }
}
