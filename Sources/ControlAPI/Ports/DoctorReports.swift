public import Doctor

/// Looks at everything that the controller works with.
public protocol DoctorReports: Sendable {
    /// Looks now. Whoever asks meanwhile gets the same answer.
    func examine() async -> DoctorReport
}
