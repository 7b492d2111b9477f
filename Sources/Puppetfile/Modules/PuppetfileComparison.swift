/// What differs between two Puppetfiles, module by module, in the order of the names.
public struct PuppetfileComparison: Hashable, Sendable {
    /// A module that is not the same in both.
    public struct Change: Hashable, Sendable {
        /// The name that it is installed under.
        public let name: String
        /// What was; nil when it is new.
        public let old: PuppetModule?
        /// What is; nil when it is gone.
        public let new: PuppetModule?
    }

    /// The modules that differ in source, pin or place. Where their declarations stand does not count.
    public let changes: [Change]

    /// Compares what was with what is. Of modules that a file declares twice the first counts.
    public init(from old: Puppetfile, to new: Puppetfile) {
        let before = Dictionary(old.modules.map { ($0.name, $0) }) { first, _ in first }
        let after = Dictionary(new.modules.map { ($0.name, $0) }) { first, _ in first }
        changes = Set(before.keys).union(after.keys).sorted().compactMap { name in
            let (old, new) = (before[name], after[name])
            if let old, let new, old.isSame(as: new) { return nil }
            return Change(name: name, old: old, new: new)
        }
    }
}

extension PuppetModule {
    /// Whether the same would be installed at the same place.
    fileprivate func isSame(as other: PuppetModule) -> Bool {
        owner == other.owner && source == other.source && pin == other.pin && directory == other.directory
    }
}

extension PuppetfileComparison.Change: CustomStringConvertible {
    /// The change in a line: `ntp: 9.1.0 → 9.2.0`, `ntp: added at 9.2.0`, `ntp: removed, was 9.1.0`.
    public var description: String {
        switch (old, new) {
        case (let old?, let new?) where old.pin != new.pin: "\(name): \(old.pin) → \(new.pin)"
        case (let old?, let new?) where old.source.kind != new.source.kind:
            "\(name): \(new.pin), from \(old.source.kind) to \(new.source.kind)"
        case (let old?, let new?) where old.directory != new.directory:
            "\(name): \(new.pin), moved from \(old.directory) to \(new.directory)"
        case (_?, let new?): "\(name): \(new.pin), from another source"
        case (nil, let new?): "\(name): added at \(new.pin)"
        case (let old?, nil): "\(name): removed, was \(old.pin)"
        case (nil, nil): name
        }
    }
}
