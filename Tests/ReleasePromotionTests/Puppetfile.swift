@testable import ReleasePromotion

/// The pins of the scenarios, by the names that their scripts give them.
enum Pin {
    static let p60 = "60" + String(repeating: "a", count: 38)
    static let pC5 = "c5" + String(repeating: "b", count: 38)
    static let p2C = "2c" + String(repeating: "c", count: 38)
    static let p09 = "09" + String(repeating: "d", count: 38)
    static let base = "be" + String(repeating: "0", count: 38)
    static let hot = "f0" + String(repeating: "e", count: 38)

    /// The name of a pin, as the scenarios' results have it.
    static func name(_ pin: String?) -> String {
        [p60: "P60", pC5: "PC5", p2C: "P2C", p09: "P09", base: "PBASE", hot: "PHOT"][pin ?? ""] ?? "-"
    }
}

/// A Puppetfile with two pins, far enough from each other that changing both in two branches is no conflict.
struct Puppetfile {
    static let edge = "profile_edge"
    static let common = "profile_base"

    var pins = [edge: Pin.p60, common: Pin.base]

    init() {}

    /// Reads the pins of a text of this form.
    init(reading bytes: [UInt8]) {
        var module = ""
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "'", omittingEmptySubsequences: false)
            guard parts.count >= 3 else { continue }
            if line.hasPrefix("mod ") { module = String(parts[1]) }
            if line.contains(":commit") { pins[module] = String(parts[1]) }
        }
    }

    var text: String {
        """
        forge 'https://forge.example.invalid'
        moduledir 'modules'

        mod 'puppetlabs/stdlib', '8.5.0'

        mod 'profile_edge',
          :git    => 'https://git.example.invalid/puppet/profile_edge.git',
          :commit => '\(pins[Self.edge] ?? "")'

        mod 'puppetlabs/concat', '7.3.0'

        mod 'puppetlabs/ntp', '9.2.0'

        mod 'profile_base',
          :git    => 'https://git.example.invalid/puppet/profile_base.git',
          :commit => '\(pins[Self.common] ?? "")'

        """
    }

    /// How pins are read out of a tree.
    static let pins: PinReading = { file in
        try file("Puppetfile").map { Puppetfile(reading: $0).pins }
    }
}
