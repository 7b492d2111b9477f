public import Diagnostics

/// A module that a Puppetfile asks for.
public struct PuppetModule: Hashable, Sendable {
    /// The name that it is installed under.
    public let name: String
    /// Whose it is on the Forge; nil when the file does not say.
    public let owner: String?
    /// Where it comes from.
    public let source: ModuleSource
    /// What of it is taken.
    public let pin: ModulePin
    /// The folder that it is put into, as the file names it.
    public let directory: String
    /// Where its declaration stands.
    public let location: SourceLocation

    /// Makes a module.
    public init(
        name: String, owner: String? = nil, source: ModuleSource, pin: ModulePin, directory: String = "modules",
        location: SourceLocation
    ) {
        self.name = name
        self.owner = owner
        self.source = source
        self.pin = pin
        self.directory = directory
        self.location = location
    }
}
