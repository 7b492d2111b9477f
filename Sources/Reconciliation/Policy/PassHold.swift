import DesiredState
import Foundation
import StateStore

/// Why a pass ends before its reconciler is called.
enum PassHold: Hashable {
    /// The object is left alone; it is taken up again by itself when `left` has passed, if that is known.
    case suspended(Suspension, left: Duration?)
    /// Another object has to be ready first: a sentence, safe to show anyone.
    case waiting(on: String)

    /// After how long an object is looked at again that waits for another one; it is woken sooner when that is ready.
    static let patience = Duration.seconds(15)

    /// What holds an object up now; nil when nothing does. What is to be taken down is never held up.
    static func of(_ resource: StoredResource?, in engine: Engine) async throws -> PassHold? {
        guard let resource, resource.deletionRequestedAt == nil else { return nil }
        if let hold = suspension(of: resource, at: engine.now()) { return hold }
        let keys = resource.dependencies
        guard !keys.isEmpty else { return nil }
        var found: [ResourceKey: StoredResource] = [:]
        for key in keys { found[key] = try await engine.store.resources.get(key) }
        return unready(keys, found, reconciled: Set(engine.reconcilers.keys)).map { .waiting(on: $0) }
    }

    /// The suspension that holds at a time. Pure.
    static func suspension(of resource: StoredResource, at time: Date) -> PassHold? {
        if resource.suspended { return .suspended(Suspension(), left: nil) }
        guard let suspension = Suspension.of(spec: resource.spec), suspension.holds(at: time) else { return nil }
        // A second more, so that the clock of the next look is past the end.
        return .suspended(suspension, left: suspension.until.map { .seconds($0.timeIntervalSince(time) + 1) })
    }

    /// The first of the objects that is not ready, in words; nil when all are. Pure.
    ///
    /// Objects of kinds that nothing reconciles are ready as soon as they are there.
    static func unready(
        _ keys: [ResourceKey], _ found: [ResourceKey: StoredResource], reconciled kinds: Set<String>
    ) -> String? {
        for key in keys {
            guard let resource = found[key], resource.deletionRequestedAt == nil else {
                return "\(key), which is not there"
            }
            guard kinds.contains(key.kind) else { continue }
            let isReady = resource.conditions[.ready]?.status == .true && resource.isObserved
            if !isReady { return "\(key) to be ready" }
        }
        return nil
    }
}

extension StoredResource {
    /// What it waits for by its metadata.
    fileprivate var dependencies: [ResourceKey] {
        (metadata["dependsOn"]?.array ?? []).compactMap { $0.string.flatMap { ResourceKey($0) } }
    }
}
