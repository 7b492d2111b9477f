/// A module's name as a Puppetfile writes it: `ntp`, `puppetlabs/ntp` or `puppetlabs-ntp`.
struct ModuleName: Hashable {
    let owner: String?
    let name: String

    /// Nil when no module can have that name: letters, digits and underscores are allowed, and one separator.
    init?(_ text: String) {
        let parts = text.utf8.split(omittingEmptySubsequences: false) {
            $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "-")
        }
        guard let last = parts.last, parts.count <= 2,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(Self.isAllowed) })
        else { return nil }
        name = String(Substring(last))
        owner = parts.count == 2 ? parts.first.map { String(Substring($0)) } : nil
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
