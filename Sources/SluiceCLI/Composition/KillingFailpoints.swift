import Diagnostics
import Glibc
import Reconciliation

/// Kills the process, as a crash would, when execution gets to one named point: for crash tests with real processes.
///
/// `after:database.clone` is the first time, `after:database.clone#3` the third. `CONTRIBUTING.md` says how to use it; the
/// points are those of ``Failpoints``.
actor KillingFailpoints: Failpoints {
    private let point: String
    private let occurrence: Int
    private var times = 0

    /// Reads a description; throws `failpoint.invalid` when it is none.
    init(_ description: String) throws(SluiceError) {
        let parts = description.parts(at: "#", maxSplits: 1)
        guard let name = parts.first, !name.isEmpty, let times = parts.count == 1 ? 1 : Int(parts[1]), times > 0 else {
            throw SluiceError(
                "failpoint.invalid", .stalled, "SLUICE_FAILPOINT is not understood",
                hint: "write a point, such as after:database.clone, or after:database.clone#2")
        }
        point = String(name)
        occurrence = times
    }

    func reached(_ point: String) {
        guard point == self.point else { return }
        times += 1
        if times == occurrence { kill(getpid(), SIGKILL) }
    }
}
