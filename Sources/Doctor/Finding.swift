public import Diagnostics

/// What was looked at, how it is, and what mends it.
///
/// This module judges what somebody else has observed: each place has an observation, a plain value, and its findings are
/// a pure function of it. It reaches nothing itself: no database, no host, no file, no clock.
///
/// ## Topics
/// - ``StateStoreObservation``, ``CandidateServerObservation``, ``ReferenceStructures``, ``ForgeObservation``, ``ForgeTokenObservation``, ``WebhookObservation``,
///   ``ConfigurationObservation``, ``MachineObservation``, ``AccessObservation``: the places
/// - ``DoctorReport``: all findings together
public struct Finding: Hashable, Sendable {
    /// How it is.
    public enum State: String, Sendable, CaseIterable {
        /// As it should be.
        case ok
        /// It works, and somebody should look at it.
        case warning
        /// Something does not work.
        case failed
        /// Nobody can tell, or it is not needed.
        case notChecked = "not-checked"
    }

    /// What was looked at: `<place>.<topic>`, a name that stays.
    public let check: String
    /// Of which object: `Forge/gerrit`; nil for the controller.
    public let subject: String?
    /// How it is.
    public let state: State
    /// What was found, in a sentence.
    public let found: String
    /// A command, or a setting, that mends it; nil when there is nothing to mend.
    public let fix: String?

    private init(_ check: String, _ subject: String?, _ state: State, _ found: String, _ fix: String?) {
        self.check = check
        self.subject = subject
        self.state = state
        self.found = found
        self.fix = fix
    }

    /// As it should be.
    public static func ok(_ check: String, of subject: String? = nil, _ found: String) -> Finding {
        Finding(check, subject, .ok, found, nil)
    }

    /// It works, and somebody should look at it.
    public static func warning(_ check: String, of subject: String? = nil, _ found: String, fix: String) -> Finding {
        Finding(check, subject, .warning, found, fix)
    }

    /// Something does not work.
    public static func failed(_ check: String, of subject: String? = nil, _ found: String, fix: String) -> Finding {
        Finding(check, subject, .failed, found, fix)
    }

    /// Nobody can tell, or it is not needed.
    public static func notChecked(
        _ check: String, of subject: String? = nil, _ found: String, fix: String? = nil
    ) -> Finding {
        Finding(check, subject, .notChecked, found, fix)
    }

    /// Something does not work, and an error says why.
    /// - Parameter fix: What mends it when the error does not say.
    public static func failed(
        _ check: String, of subject: String? = nil, _ error: SluiceError, fix: String
    ) -> Finding {
        .failed(check, of: subject, "\(error.message) (\(error.code))", fix: error.hint ?? fix)
    }
}
