/// The modules that a Puppetfile asks for, in the order of the file.
///
/// This room reads the file as data. A Puppetfile is a Ruby program for its own tools; here only literals are read, and
/// nothing of it is ever run. The room must not know git, forges or releases: it takes bytes and gives values.
public struct Puppetfile: Hashable, Sendable {
    /// The modules.
    public let modules: [PuppetModule]

    /// Makes a Puppetfile of its modules.
    public init(modules: [PuppetModule]) { self.modules = modules }

    /// The module that is installed under a name; the first one, when the file has several.
    public func module(named name: String) -> PuppetModule? { modules.first { $0.name == name } }
}
