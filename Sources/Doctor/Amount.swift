/// Amounts in words, the same in every locale.
enum Amount {
    /// `7 seconds`, `12 minutes`, `3 hours`, `9 days`.
    static func text(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        switch seconds {
        case ..<120: return "\(seconds) \(seconds == 1 ? "second" : "seconds")"
        case ..<7_200: return "\(seconds / 60) minutes"
        case ..<172_800: return "\(seconds / 3_600) hours"
        default: return "\(seconds / 86_400) days"
        }
    }

    /// `12 GiB`, `300 MiB`.
    static func text(bytes: Int64) -> String {
        bytes >= 10 << 30 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }
}
