import DesiredState
import Diagnostics

/// Reads one file; the findings as their authors see them, or none when it was accepted.
func findings(in text: String, limits: ReadingLimits = ReadingLimits()) -> [String] {
    findings(in: Array(text.utf8), limits: limits)
}

func findings(
    in bytes: [UInt8], limits: ReadingLimits = ReadingLimits(), taken: JudgedBranch? = nil
) -> [String] {
    do {
        let file = DesiredStateFile(path: "a.yaml", bytes: bytes)
        _ = try DesiredStateReader(limits: limits, taken: taken).read(files: [file])
        return []
    } catch let error as DiagnosticsError {
        return error.diagnostics.map(\.description)
    } catch {
        return ["threw \(error)"]
    }
}

/// A document that is right, to be spoilt by a test.
enum Sample {
    static let forge = """
        apiVersion: sluice.dev/v1alpha1
        kind: Forge
        metadata: {name: local}
        spec: {type: local, local: {path: /srv/git}}

        """
    static let server = """
        apiVersion: sluice.dev/v1alpha1
        kind: DatabaseServer
        metadata: {name: main}
        spec: {embedded: {}}

        """
    static let neighbours = "\(forge)---\n\(server)---\n"

    /// A registry with more lines in its spec; its first line is the eleventh of ``neighbours`` with it.
    static func registry(_ name: String = "land", _ lines: String...) -> String {
        """
        apiVersion: sluice.dev/v1alpha1
        kind: Registry
        metadata: {name: \(name)}
        spec:
          forge: local
          project: \(name)
          server: main
          changelogs: [{path: data-model/main.xml}]
        \(lines.map { "  \($0)" }.joined(separator: "\n"))

        """
    }
}
