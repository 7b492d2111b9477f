public import DesiredState

/// With what something is done.
public enum AccessObject: Hashable, Sendable {
    /// The controller as a whole: what belongs to no single resource.
    case controller
    /// A resource, whether it is there or not.
    /// - Parameter within: What it will belong to, of one that is not there yet.
    case resource(ResourceKey, within: ResourceKey? = nil)

    /// A resource by kind and name.
    public static func resource(_ kind: ResourceKind, _ name: String, within: ResourceKey? = nil) -> AccessObject {
        .resource(ResourceKey(kind: kind.rawValue, name: name), within: within)
    }
}

extension AccessObject: CustomStringConvertible {
    /// `Kind/name`, or `the controller`.
    public var description: String {
        switch self {
        case .controller: "the controller"
        case .resource(let key, _): key.description
        }
    }
}
