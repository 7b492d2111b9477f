import Diagnostics
import Synchronization

/// Puts properties into the texts of files that changes name, all of them within one budget.
final class FileExpansion: Sendable {
    /// Why a text could not be expanded.
    struct Failure {
        var error: PropertyExpander.Failure

        func diagnostic(in changeSet: ChangeSet) -> Diagnostic {
            let isSize = error == .tooLarge
            return Diagnostic(
                code: isSize ? "changelog.property-size" : "changelog.property-cycle", at: changeSet.location,
                isSize
                    ? "changeset \(changeSet.identity): properties add too much to the files that its changes name"
                    : "changeset \(changeSet.identity): properties in a file refer to each other without end")
        }
    }

    private struct State {
        var spent = 0
        var failure: Failure?
    }

    private let properties: [String: String]
    private let locals: [String: [String: String]]
    private let limits: ChangelogLimits
    private let parameters = ChangelogParameters()
    private let state = Mutex(State())

    init(_ changelog: ResolvedChangelog, limits: ChangelogLimits) {
        properties = changelog.properties
        locals = changelog.localProperties
        self.limits = limits
    }

    /// The text with its properties; a text that cannot be expanded is left as it is, and the reason is kept.
    ///
    /// - Parameter keys: The keys of the local properties that the text sees, nearest first.
    func expand(_ text: String, seeing keys: [String]) -> String {
        guard text.utf8.contains(UInt8(ascii: "$")) else { return text }
        var expander = PropertyExpander(parameters, limits: limits)
        expander.share(limits.totalExpandedBytes - state.withLock { $0.spent })
        let result: Result<String, PropertyExpander.Failure>
        do throws(PropertyExpander.Failure) {
            result = .success(
                try expander.expand(text) { name in
                    let name = name.lowercased()
                    return properties[name] ?? keys.lazy.compactMap { [locals] in locals[$0]?[name] }.first
                })
        } catch {
            result = .failure(error)
        }
        let spent = expander.spent
        return state.withLock { state in
            state.spent += spent
            switch result {
            case .success(let expanded): return expanded
            case .failure(let error):
                state.failure = Failure(error: error)
                return text
            }
        }
    }

    /// The latest failure since the last call.
    func takeFailure() -> Failure? {
        state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
    }
}
