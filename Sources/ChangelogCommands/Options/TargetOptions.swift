import ArgumentParser
import Changelog

/// `--count`.
struct CountOption: ParsableArguments {
    static let settings = ["count"]

    @Option(name: .long, help: "How many changesets.")
    var count: Int

    mutating func validate() throws {
        guard count >= 0 else { throw ValidationError("--count is a number of changesets, from 0") }
    }
}

/// `--tag`.
struct TagOption: ParsableArguments {
    static let settings = ["tag"]

    @Option(name: .long, help: "The tag.")
    var tag: String
}

/// `--tag` with the choice among several changesets that carry it.
struct RollbackTagOption: ParsableArguments {
    static let settings = TagOption.settings + ["tag-version"]

    @OptionGroup var tag: TagOption

    @Option(name: .long, help: "Which of several changesets that carry the tag: OLDEST or NEWEST.")
    var tagVersion: TagVersion = .oldest

    /// How far to go back.
    var target: Deployer.RollbackTarget { .tag(tag.tag, tagVersion == .oldest ? .oldest : .newest) }

    /// Which of several changesets that carry the tag.
    enum TagVersion: String, ExpressibleByArgument, CaseIterable {
        case oldest = "OLDEST"
        case newest = "NEWEST"

        init?(argument: String) { self.init(rawValue: argument.uppercased()) }
    }
}

/// `--date`.
struct DateOption: ParsableArguments {
    static let settings = ["date"]

    @Option(
        name: .customLong("date"), help: "The moment, 2026-01-31 or '2026-01-31 10:20:30', in the books' time zone.",
        transform: { text in
            guard let date = RollbackDate(text) else {
                throw ValidationError("write 2026-01-31 or 2026-01-31T10:20:30")
            }
            return date
        })
    var date: RollbackDate
}
