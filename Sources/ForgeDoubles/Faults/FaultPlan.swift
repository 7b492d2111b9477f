import NIOConcurrencyHelpers

/// What is to go wrong in a double, in the order in which it was asked for.
package final class FaultPlan: Sendable {
    private let list = NIOLockedValueBox<[Fault]>([])

    /// What is still to go wrong.
    package var pending: [Fault] { list.withLockedValue { $0 } }

    /// Puts these in the place of all others.
    package func set(_ faults: [Fault]) { list.withLockedValue { $0 = faults } }

    /// Adds one.
    package func add(_ fault: Fault) { list.withLockedValue { $0.append(fault) } }

    /// Takes the first fault that concerns a request. Each request counts against one fault only.
    /// - Parameter isLaterPage: Whether it asks for a page of a list after the first.
    func take(method: String, path: String, isLaterPage: Bool) -> Fault? {
        list.withLockedValue { faults in
            let index = faults.firstIndex { fault in
                fault.concerns(method: method, path: path) && (isLaterPage || !fault.effect.isAboutLaterPages)
            }
            guard let index else { return nil }
            if faults[index].skip > 0 {
                faults[index].skip -= 1
                return nil
            }
            let fault = faults[index]
            faults[index].times -= 1
            if faults[index].times <= 0 { faults.remove(at: index) }
            return fault
        }
    }
}
