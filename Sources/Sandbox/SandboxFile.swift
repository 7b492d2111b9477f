/// A file that is exported for a program in a sandbox.
package struct SandboxFile: Hashable, Sendable {
    /// The path from the top of the content: relative, without `.` and `..`.
    package var path: String
    /// What it holds.
    package var bytes: [UInt8]
    /// Whether it may be executed.
    package var isExecutable: Bool

    package init(path: String, bytes: [UInt8], isExecutable: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.isExecutable = isExecutable
    }
}
