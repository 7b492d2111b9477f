/// How far two clocks are apart, and what that means. Leases and schedules go by the state store's clock alone; tokens,
/// windows of releases and signatures of webhooks go by the controller's.
enum ClockDifference {
    /// From here on somebody should look at it.
    static let noticed = Duration.seconds(5)
    /// From here on signed webhooks are refused and tokens end at the wrong time.
    static let harmful = Duration.seconds(120)

    /// - Parameter difference: How far the other clock is ahead of ours; nil when it does not tell.
    static func finding(
        _ check: String, of subject: String? = nil, _ difference: Duration?, from other: String
    ) -> Finding {
        guard let difference else { return .notChecked(check, of: subject, "\(other) does not say what time it is") }
        let size = difference < .zero ? .zero - difference : difference
        let words = "\(other)'s clock is \(Amount.text(size)) \(difference < .zero ? "behind" : "ahead of") ours"
        let fix = "have both machines ask a time server: timedatectl set-ntp true"
        if size >= harmful { return .failed(check, of: subject, words, fix: fix) }
        if size >= noticed { return .warning(check, of: subject, words, fix: fix) }
        return .ok(check, of: subject, "\(other)'s clock and ours agree")
    }
}
