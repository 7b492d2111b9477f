/// What has to come before what. Pure; iterative, so that no input is too deep for it.
public struct DependencyGraph: Hashable, Sendable {
    /// What each resource waits for, among the resources there are.
    public let dependencies: [ResourceKey: Set<ResourceKey>]

    /// Makes a graph. Dependencies on what is not among the keys are left out.
    public init(_ dependencies: [ResourceKey: Set<ResourceKey>]) {
        self.dependencies = dependencies.mapValues { $0.filter { dependencies[$0] != nil } }
    }

    /// The resources, each after all that it waits for, otherwise by key. Those in a cycle, and behind one, are not
    /// among them.
    public var order: [ResourceKey] {
        var waiting = dependencies.mapValues(\.count)
        var dependents: [ResourceKey: [ResourceKey]] = [:]
        for (key, needed) in dependencies {
            for other in needed { dependents[other, default: []].append(key) }
        }
        var order: [ResourceKey] = []
        var next = waiting.filter { $0.value == 0 }.keys.sorted()
        while !next.isEmpty {
            order += next
            var freed: [ResourceKey] = []
            for key in next {
                for dependent in dependents[key] ?? [] {
                    let left = (waiting[dependent] ?? 0) - 1
                    waiting[dependent] = left
                    if left == 0 { freed.append(dependent) }
                }
            }
            next = freed.sorted()
        }
        return order
    }

    /// Resources that wait for each other in a circle, from the least key on; empty when there are none.
    public var cycle: [ResourceKey] {
        let sound = Set(order)
        let stuck = dependencies.keys.filter { !sound.contains($0) }
        guard var key = stuck.min() else { return [] }
        // Whoever is stuck waits for somebody who is stuck: the walk comes to a key that it has seen.
        var path: [ResourceKey] = []
        while !path.contains(key) {
            path.append(key)
            guard let next = dependencies[key]?.filter({ !sound.contains($0) }).min() else { return [] }
            key = next
        }
        let circle = Array(path.drop { $0 != key })
        guard let least = circle.min(), let start = circle.firstIndex(of: least) else { return circle }
        return Array(circle[start...] + circle[..<start])
    }
}

extension Resource<ResourceSpec> {
    /// What has to be there before this is worked on: what the author says, and what the spec names.
    public var dependencies: Set<ResourceKey> {
        let named: [(ResourceKind, String)] =
            switch spec {
            case .forge, .databaseServer, .roleBinding, .notificationChannel: []
            case .registry(let registry): [(.forge, registry.forge), (.databaseServer, registry.server)]
            case .controlRepository(let repository): [(.forge, repository.forge)]
            case .release(let release): [(.controlRepository, release.repository)]
            case .upstream(let upstream): upstream.forges.map { (.forge, $0) }
            }
        return Set(metadata.dependsOn).union(named.map { ResourceKey(kind: $0.rawValue, name: $1) })
    }
}
