// swift-tools-version: 6.3
import PackageDescription

/// Strictness is policy here, not taste: a warning that is allowed once stays for ever.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let locks = Target.Dependency.product(name: "NIOConcurrencyHelpers", package: "swift-nio")
let nio = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let jwt = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let signals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room of the house: one library target with its tests beside it.
func room(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
        swiftSettings: strict)
}

let package = Package(
    name: "sluice",
    products: [.executable(name: "sluice", targets: ["sluice"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    ],
    targets: [
        // Ground floor: system libraries and leaves that know nothing of Sluice.
        .systemLibrary(name: "CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .target(name: "CLibgit2Shim", dependencies: ["CLibgit2"]),
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        // libgit2's development package brings zlib's.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLibPgQuery", providers: [.apt(["libpg-query-dev"])]),
        room("Diagnostics", []),
        room("Doctor", ["Diagnostics"]),
        room("Puppetfile", ["Diagnostics"]),
        room("Telemetry", ["Diagnostics", locks]),
        room("SQLSyntax", ["CLibPgQuery", "Diagnostics"]),
        room("ThreadExecution", []),
        room("WorkContext", [logging]),
        room("ChildProcess", ["Diagnostics", subprocess, system]),
        room("Sandbox", ["ChildProcess", "Diagnostics", "ThreadExecution"]),
        // Clients.
        room("OutboundHTTP", ["Diagnostics", "WorkContext", httpClient, nio, nioHTTP]),
        room("PostgresClient", ["CLibpq", "Diagnostics", "ThreadExecution", locks, logging]),
        room("EmbeddedPostgres", ["ChildProcess", "Diagnostics", "PostgresClient", logging]),
        room("GitClient", ["CLibgit2", "CLibgit2Shim", "ChildProcess", "Diagnostics", "ThreadExecution", logging]),
        room("PatchSeries", ["CZlib", "Diagnostics", "GitClient"]),
        room("Changelog", ["CLibXML2", "Diagnostics", "PostgresClient", crypto, logging, yams]),
        room("CommittedChangelog", ["Changelog", "Diagnostics", "GitClient"]),
        room("ChangelogLint", ["Changelog", "Diagnostics", "SQLSyntax"]),
        room("DatabaseSchema", ["Diagnostics", "PostgresClient", crypto]),
        room("RegistryChanges", ["Changelog", "Diagnostics"]),
        room("DesiredState", ["ChangelogLint", "Diagnostics", yams]),
        room("MigrationCommand", ["ChildProcess", "Diagnostics", "PostgresClient", "Sandbox"]),
        room("Webhooks", ["DesiredState", "Diagnostics", crypto]),
        room(
            "GitHooks",
            ["Changelog", "CommittedChangelog", "DesiredState", "Diagnostics", "GitClient", "RegistryChanges"]),
        room("Forges", ["DesiredState", "Diagnostics", "GitClient", "OutboundHTTP", logging]),
        room(
            "ForgeDoubles",
            [
                "ChildProcess", "DesiredState", "Diagnostics", "GitClient", crypto, httpClient, hummingbird, lifecycle,
                locks, logging, nio, nioHTTP,
            ]),

        room("AccessControl", ["DesiredState", "Diagnostics", "ThreadExecution", crypto, cryptoExtras, locks]),
        room("IdentityTokens", ["AccessControl", "DesiredState", "Diagnostics", jwt, logging]),
        // The engine.
        room(
            "StateStore",
            [
                "AccessControl", "Changelog", "DesiredState", "Diagnostics", "PostgresClient", "WorkContext", crypto,
                locks, logging,
            ]),
        room("Reconciliation", ["DesiredState", "Diagnostics", "StateStore", "WorkContext", locks, logging]),
        room(
            "ConfigRepository",
            [
                "DesiredState", "Diagnostics", "Forges", "GitClient", "Reconciliation", "StateStore", "ThreadExecution",
                crypto, logging,
            ]),
        // The domains.
        room(
            "CandidateDatabases",
            [
                "Changelog", "ChangelogLint", "CommittedChangelog", "DatabaseSchema", "DesiredState", "Diagnostics",
                "Forges", "GitClient",
                "MigrationCommand", "PostgresClient", "Reconciliation", "StateStore", crypto, locks, logging,
            ]),
        room(
            "ReleasePromotion",
            [
                "ChildProcess", "DesiredState", "Diagnostics", "Forges", "GitClient", "Puppetfile", "Reconciliation",
                "Sandbox", "StateStore", locks,
            ]),
        room(
            "UpstreamTracking",
            [
                "DesiredState", "Diagnostics", "Forges", "GitClient", "PatchSeries", "Reconciliation", "StateStore",
            ]),
        room(
            "Notices",
            [
                "ChildProcess", "DesiredState", "Diagnostics", "OutboundHTTP", "Reconciliation", "StateStore",
                "Webhooks",
                crypto,
            ]),
        // The faces.
        room("Terminal", ["Diagnostics", arguments]),
        room(
            "ChangelogCommands",
            [
                "Changelog", "ChangelogLint", "ChildProcess", "CommittedChangelog", "DatabaseSchema", "DesiredState",
                "Diagnostics", "GitClient",
                "PostgresClient", "RegistryChanges", "Terminal", arguments,
            ]),
        room(
            "ControlAPI",
            [
                "AccessControl", "CandidateDatabases", "ConfigRepository", "DatabaseSchema", "DesiredState",
                "Diagnostics", "Doctor", "Forges", "GitClient", "Reconciliation", "ReleasePromotion", "StateStore",
                "UpstreamTracking", "Webhooks", "WorkContext", crypto, hummingbird, locks, logging, nio,
            ]),
        room(
            "SluiceCLI",
            [
                "AccessControl", "CandidateDatabases", "Changelog", "ChangelogCommands", "ChildProcess",
                "ConfigRepository",
                "ControlAPI", "DatabaseSchema", "DesiredState", "Diagnostics", "Doctor", "EmbeddedPostgres",
                "ForgeDoubles",
                "Forges", "GitClient", "GitHooks", "IdentityTokens", "MigrationCommand", "Notices", "OutboundHTTP",
                "PostgresClient", "Puppetfile",
                "Reconciliation", "RegistryChanges", "ReleasePromotion", "Sandbox", "StateStore", "Telemetry",
                "Terminal",
                "ThreadExecution", "UpstreamTracking", "Webhooks", "WorkContext", arguments, httpClient, lifecycle,
                logging, nio,
                nioHTTP,
                signals,
            ],
            // Links to the sample config repository: the demonstration runs on it.
            resources: ["forge", "database-server", "registry", "control-repository"].map {
                .embedInCode("Demo/Manifests/\($0).yaml")
            }),
        .executableTarget(name: "sluice", dependencies: ["SluiceCLI"], swiftSettings: strict),
        // Proof.
        .target(
            name: "TestSupport",
            dependencies: [
                "ChildProcess", "EmbeddedPostgres", "GitClient", "PostgresClient", "Terminal", arguments, locks,
                logging,
            ],
            path: "Tests/Support", swiftSettings: strict),
        .target(
            name: "StateStoreSupport", dependencies: ["PostgresClient", "Reconciliation", "StateStore", "TestSupport"],
            path: "Tests/StateStoreSupport", swiftSettings: strict),
        tests("Diagnostics"),
        tests("Doctor", ["Diagnostics"]),
        tests("Puppetfile", ["Diagnostics", "TestSupport"], exclude: ["Corpus"]),
        tests("SQLSyntax"),
        tests("ThreadExecution"),
        tests("WorkContext", [logging]),
        tests("ChildProcess"),
        tests("PostgresClient", ["TestSupport"]),
        tests("EmbeddedPostgres", ["TestSupport"]),
        tests("GitClient", ["TestSupport"]),
        tests("PatchSeries", ["ChildProcess", "Diagnostics", "GitClient", "TestSupport"]),
        tests("Changelog", ["TestSupport"]),
        tests("ChangelogLint", ["Changelog", "Diagnostics", "PostgresClient", "SQLSyntax", "TestSupport"]),
        tests("DatabaseSchema", ["TestSupport"]),
        tests("RegistryChanges", ["Changelog", "PostgresClient", "TestSupport"]),
        tests("DesiredState", ["ChangelogLint"]),
        tests("MigrationCommand", ["TestSupport"]),
        tests("Sandbox", ["ChildProcess", "Diagnostics", "TestSupport"]),
        tests("OutboundHTTP", ["Diagnostics", "WorkContext", hummingbird, locks, nio]),
        tests(
            "Forges",
            [
                "ChildProcess", "Diagnostics", "ForgeDoubles", "TestSupport", "GitClient", "OutboundHTTP", hummingbird,
                locks, logging, nio, nioPosix, nioTLS,
            ]),
        tests("GitHooks", ["GitClient", "TestSupport"]),
        tests("Webhooks", ["DesiredState", "Diagnostics", "TestSupport", crypto]),
        tests(
            "ForgeDoubles",
            [
                "ChildProcess", "DesiredState", "Diagnostics", "GitClient", "TestSupport", "Webhooks", httpClient,
                hummingbird, lifecycle, locks, logging, nio, nioHTTP,
            ]),
        tests("Telemetry"),
        tests(
            "IdentityTokens", ["AccessControl", "DesiredState", "Diagnostics", crypto, cryptoExtras, locks, logging]),
        tests("AccessControl", ["DesiredState", "Diagnostics", locks]),
        tests("StateStore", ["AccessControl", "StateStoreSupport", "TestSupport", crypto], exclude: ["Fixtures"]),
        tests("Reconciliation", ["StateStoreSupport", "WorkContext"]),
        tests(
            "Notices",
            [
                "ChildProcess", "OutboundHTTP", "PostgresClient", "StateStoreSupport", "TestSupport", "Webhooks",
                crypto, hummingbird,
                locks, logging, nio, nioPosix,
            ]),
        tests("ConfigRepository", ["StateStoreSupport", "TestSupport", locks]),
        tests(
            "CandidateDatabases",
            [
                "ChangelogLint", "EmbeddedPostgres", "ForgeDoubles", "OutboundHTTP", "StateStoreSupport", "TestSupport",
                locks, logging,
            ]),
        tests(
            "ReleasePromotion",
            ["ForgeDoubles", "OutboundHTTP", "StateStoreSupport", "TestSupport", locks, logging], exclude: ["Scenarios"]
        ),
        tests(
            "UpstreamTracking",
            [
                "ChildProcess", "Diagnostics", "ForgeDoubles", "OutboundHTTP", "StateStoreSupport", "TestSupport",
                locks,
                logging,
            ]),
        tests(
            "ControlAPI",
            [
                "AccessControl", "Doctor", "ReleasePromotion", "StateStore", "TestSupport", "UpstreamTracking",
                "Webhooks",
                crypto, locks, logging, nio,
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]),
        tests("ChangelogCommands", ["ChangelogLint", "TestSupport"]),
        tests(
            "SluiceCLI",
            [
                "AccessControl", "DesiredState", "Diagnostics", "ForgeDoubles", "GitClient", "OutboundHTTP",
                "StateStore", "StateStoreSupport", "TestSupport", "Webhooks", crypto, httpClient, hummingbird, logging,
                nio, nioHTTP,
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Fuzzing needs the compiler's fuzzing runtime, which only its own build links; see Fuzzing/README.md.
if Context.environment["SLUICE_FUZZING"] != nil {
    package.targets += [
        .executableTarget(
            name: "changelog-fuzz",
            dependencies: [
                "Changelog", "DesiredState", "Diagnostics", "Forges", "GitClient", "OutboundHTTP", "PatchSeries",
                "PostgresClient", "Puppetfile", "SQLSyntax", "Webhooks",
            ],
            path: "Fuzzing/Targets", swiftSettings: strict)
    ]
}
