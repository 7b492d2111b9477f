import ArgumentParser

/// What the operator says about clients of patch-tracking.
struct TrackingOptions: ParsableArguments {
    @Flag(
        name: .customLong("patch-tracking"),
        help: ArgumentHelp(
            "Answer clients of openEuler's patch-tracking, at /tracking and /issue.",
            discussion: """
                Everybody is asked for name and password (--users-file); reading is free with --anonymous-read.
                """))
    var isAnswered = false

    @Option(
        name: .customLong("patch-tracking-forge"),
        help: "The Forge of items whose repository is org/repo; the only one that it can be, when left out.")
    var forge: String?
}
