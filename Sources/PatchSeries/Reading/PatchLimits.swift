/// How much a patch may ask for. Patches are written by strangers; beyond is refused, whatever it says.
public struct PatchLimits: Hashable, Sendable {
    /// The most bytes of a patch.
    public var bytes: Int
    /// The most files that it changes.
    public var files: Int
    /// The most hunks.
    public var hunks: Int
    /// The most bytes that a binary file unpacks to, and that a file may have to which a patch is applied.
    public var fileSize: Int

    /// Makes limits; those not given are generous ones.
    public init(bytes: Int = 256 << 20, files: Int = 20_000, hunks: Int = 500_000, fileSize: Int = 64 << 20) {
        self.bytes = bytes
        self.files = files
        self.hunks = hunks
        self.fileSize = fileSize
    }
}
