public import DesiredState
public import Diagnostics

/// Items of patch-tracking that become upstreams beside those that there are.
public struct TrackingImport {
    private struct Place: Hashable {
        let forge: String
        let project: String
        let branch: String
    }

    private struct There {
        let name: String
        let spec: UpstreamSpec
        let metadata: JSONValue
    }

    private let forge: String
    private let seconds: Int?
    private let editsSpec: Bool
    private var there: [Place: There] = [:]
    private var names: Set<String> = []
    private var taken: Set<Place> = []

    /// Begins an import.
    /// - Parameters:
    ///   - forge: The Forge that the packages' repositories are on.
    ///   - upstreams: The resources that there are.
    ///   - seconds: How often a new upstream is looked at; nil for the usual.
    ///   - editsSpec: Whether the spec file of a new upstream's package is edited.
    public init(on forge: String, beside upstreams: [JSONValue] = [], every seconds: Int? = nil, editsSpec: Bool = true)
    {
        (self.forge, self.seconds, self.editsSpec) = (forge, seconds, editsSpec)
        for upstream in upstreams {
            guard let metadata = upstream["metadata"], let name = metadata["name"]?.string else { continue }
            names.insert(name)
            guard let json = upstream["spec"], let spec = try? ResourceSpec(kind: .upstream, json: json).upstream else {
                continue
            }
            let place = Place(forge: spec.package.forge, project: spec.package.project, branch: spec.package.branch)
            if let other = there[place], other.name < name { continue }
            there[place] = There(name: name, spec: spec, metadata: metadata)
        }
    }

    /// The manifest of an item: that of the upstream that is there for the package's branch, with what the item says and
    /// everything else as it is, or a new one.
    /// - Throws: `patch-tracking.item-invalid`, also for a second item of the same branch.
    public mutating func manifest(of item: TrackingItem) throws(SluiceError) -> JSONValue {
        let place = Place(forge: forge, project: item.project, branch: item.branch)
        guard !taken.contains(place) else {
            throw TrackingItem.wrong("another item has this repo and branch already")
        }
        let manifest: JSONValue
        if let known = there[place] {
            manifest = try item.manifest(named: known.name, changing: known.spec, metadata: known.metadata)
        } else {
            let name = item.name(apartFrom: names)
            manifest = try item.manifest(named: name, forge: forge, every: seconds, editsSpec: editsSpec)
            names.insert(name)
        }
        taken.insert(place)
        return manifest
    }
}
