import Diagnostics
import Foundation
import Testing

@testable import Doctor

@Suite("What is found of a place")
struct PlaceTests {
    /// `check state`, one a finding, of those that are not ok.
    private static func troubles(_ findings: [Finding]) -> [String] {
        findings.filter { $0.state != .ok }.map { "\($0.check) \($0.state.rawValue)" }
    }

    private static let broken = SluiceError("test.broken", .transient, "it does not answer")

    // MARK: The state store

    @Test("A state store as it should be has nothing to mend")
    func store() {
        let store = StateStoreObservation(version: 150_020, clock: .milliseconds(3), role: "sluice")
        let findings = StateStoreObservation.findings(.success(store))
        #expect(Self.troubles(findings) == [])
        #expect(findings.allSatisfy { $0.fix == nil })
        #expect(
            findings.map(\.check) == [
                "state-store.reachable", "state-store.schema", "state-store.rights", "state-store.audit-log",
                "state-store.clock",
            ])
    }

    @Test("A server that is too old is found")
    func age() {
        let store = StateStoreObservation(version: 140_012, clock: .zero, role: "sluice")
        #expect(Self.troubles(StateStoreObservation.findings(.success(store))) == ["state-store.reachable failed"])
    }

    @Test("Missing changes of the schema fail, those of a newer version are told")
    func schema() {
        var store = StateStoreObservation(version: 150_020, clock: .zero, missingChanges: ["notices"], role: "sluice")
        #expect(Self.troubles(StateStoreObservation.findings(.success(store))) == ["state-store.schema failed"])
        (store.missingChanges, store.newerSchema) = ([], 7)
        #expect(Self.troubles(StateStoreObservation.findings(.success(store))) == ["state-store.schema warning"])
    }

    @Test("A12: a login that owns the audit log, or may change its records, is found")
    func auditLog() {
        var store = StateStoreObservation(version: 150_020, clock: .zero, role: "sluice", ownsAuditLog: true)
        #expect(Self.troubles(StateStoreObservation.findings(.success(store))) == ["state-store.audit-log warning"])
        (store.ownsAuditLog, store.mayChangeAuditLog) = (false, true)
        #expect(Self.troubles(StateStoreObservation.findings(.success(store))) == ["state-store.audit-log failed"])
        (store.isSuperuser, store.mayChangeAuditLog) = (true, true)
        #expect(
            Self.troubles(StateStoreObservation.findings(.success(store)))
                == ["state-store.rights warning", "state-store.audit-log warning"])
        // On the controller's own server there is nobody else to protect.
        store.isPrivate = true
        #expect(
            Self.troubles(StateStoreObservation.findings(.success(store))) == ["state-store.audit-log not-checked"])
    }

    @Test("What mends a lack of rights leaves the audit log append-only, and a name in it stays a name")
    func statements() {
        let role = #"x" TO PUBLIC; --"#
        let store = StateStoreObservation(version: 150_020, clock: .zero, role: role, mayWrite: false)
        let fix = StateStoreObservation.findings(.success(store)).first { $0.state == .failed }?.fix ?? ""
        #expect(fix.hasSuffix(#"; REVOKE UPDATE, DELETE ON sluice.audit_log FROM "x"" TO PUBLIC; --""#))
        #expect(fix.contains("USAGE ON ALL SEQUENCES"))
        let server = CandidateServerObservation(
            version: 150_020, clock: .zero, role: role, openDatabases: [role],
            references: [
                .init(registry: "a", database: role, exists: false), .init(registry: "b", database: "o'n", sessions: 1),
            ])
        let fixes = CandidateServerObservation.findings("main", .success(server)).compactMap(\.fix)
        #expect(fixes.count == 3)
        #expect(fixes.count { $0.contains(#""x"" TO PUBLIC; --""#) } == 2)
        #expect(fixes.last?.contains("'o''n'") == true)
    }

    @Test("Another installation on a server is a finding of its own")
    func claimed() {
        let server = CandidateServerObservation(
            version: 150_020, clock: .zero, role: "sluice", claimedByOthers: Self.broken)
        #expect(Self.troubles(CandidateServerObservation.findings("main", .success(server))) == ["server.claim failed"])
    }

    @Test("A state store that does not answer is one finding, with its error and what to do")
    func unreachable() {
        let findings = StateStoreObservation.findings(.failure(Self.broken))
        #expect(Self.troubles(findings) == ["state-store.reachable failed"])
        #expect(findings.first?.found == "it does not answer (test.broken)")
        #expect(findings.first?.fix?.contains("--state-database-file") == true)
    }

    // MARK: Clocks

    @Test(
        "Two clocks agree within five seconds, and from two minutes on their difference does harm",
        arguments: [
            (Duration.seconds(4), Finding.State.ok), (.seconds(-4), .ok), (.seconds(5), .warning),
            (.seconds(-90), .warning), (.seconds(120), .failed), (.seconds(-90_000), .failed),
        ])
    func clock(_ difference: Duration, _ state: Finding.State) {
        let finding = ClockDifference.finding("a.clock", difference, from: "the forge")
        #expect(finding.state == state)
        #expect((finding.fix == nil) == (state == .ok))
        if state != .ok { #expect(finding.found.contains(difference < .zero ? "behind" : "ahead")) }
    }

    @Test("A clock that is not told is not checked")
    func untoldClock() { #expect(ClockDifference.finding("a.clock", nil, from: "it").state == .notChecked) }

    // MARK: Candidates' servers

    @Test("A server whose administrator lacks rights is found, with the statements that give them")
    func rights() {
        let server = CandidateServerObservation(
            version: 150_020, clock: .zero, role: "sluice",
            missingRights: [.init("CREATEDB", statement: "one"), .init("pg_signal_backend", statement: "another")])
        let findings = CandidateServerObservation.findings("main", .success(server))
        let finding = findings.first { $0.check == "server.rights" }
        #expect(finding?.state == .failed && finding?.fix == "one; another")
        #expect(finding?.found == "sluice lacks CREATEDB, pg_signal_backend")
    }

    @Test("Settings that let candidates do harm are found, one by one")
    func settings() {
        let server = CandidateServerObservation(
            version: 150_020, clock: .zero, role: "sluice", openDatabases: ["payroll", "other"],
            preparedTransactions: 3, connections: 20, deploys: 4, boundsTemporaryFiles: false)
        let findings = CandidateServerObservation.findings("main", .success(server))
        #expect(Self.troubles(findings) == Array(repeating: "server.settings warning", count: 4))
        #expect(findings.contains { $0.found.contains("payroll and 1 more") })
        #expect(findings.contains { $0.fix == "max_connections = 36 or more" })
    }

    @Test(
        "A reference database is there, may be cloned, and nobody sits in it",
        arguments: [
            (true, true, 0, Finding.State.ok), (false, true, 0, .failed), (true, false, 0, .failed),
            (true, true, 2, .warning),
        ])
    func reference(_ exists: Bool, _ mayBeCloned: Bool, _ sessions: Int, _ state: Finding.State) {
        let server = CandidateServerObservation(
            version: 150_020, clock: .zero, role: "sluice",
            references: [
                .init(
                    registry: "land", database: "registry-template", exists: exists, mayBeCloned: mayBeCloned,
                    sessions: sessions)
            ])
        let finding = CandidateServerObservation.findings("main", .success(server)).last
        #expect(finding?.check == "registry.reference")
        #expect(finding?.subject == "Registry/land")
        #expect(finding?.state == state)
    }

    @Test(
        "A reference database that differs from the one on the registry's own server is a failure that names the server"
    )
    func structures() {
        func troubles(_ structures: [String: Result<String, SluiceError>]) -> [Finding] {
            ReferenceStructures(registry: "land", database: "template", own: "main", structures: structures).findings
        }
        let same = troubles(["main": .success("a"), "second": .success("a")])
        #expect(same.map(\.state) == [.ok] && same.first?.subject == "Registry/land")
        let one = troubles(["main": .success("a"), "second": .success("b"), "third": .success("a")])
        #expect(Self.troubles(one) == ["registry.reference failed"])
        #expect(one.first?.found.contains("second") == true && one.first?.fix?.contains("spread-candidates") == true)
        let unread = troubles(["main": .success("a"), "second": .failure(Self.broken), "third": .success("b")])
        #expect(Self.troubles(unread) == Array(repeating: "registry.reference failed", count: 2))
        #expect(Self.troubles(troubles(["main": .failure(Self.broken)])) == ["registry.reference failed"])
        #expect(Self.troubles(troubles(["second": .success("a")])) == ["registry.reference not-checked"])
    }

    // MARK: Forges

    private static func project(_ rights: [String: Bool], hazards: [String]? = []) -> ForgeObservation {
        ForgeObservation(
            account: .success("sluice"), clock: .zero,
            projects: [
                .init(
                    subject: "Registry/land", path: "land/registry", needs: ["read", "give verdicts"],
                    rights: .success(rights), level: "Developer", hazards: hazards.map { .success($0) })
            ])
    }

    @Test(
        "A project's rights are ok, missing, or not told",
        arguments: [
            (["read": true, "give verdicts": true], Finding.State.ok),
            (["read": true, "give verdicts": false], .failed), (["read": true], .notChecked), ([:], .notChecked),
        ])
    func projectRights(_ rights: [String: Bool], _ state: Finding.State) {
        let finding = Self.project(rights).findings("host").first { $0.check == "forge.rights" }
        #expect(finding?.state == state)
        #expect(finding?.subject == "Registry/land")
        if state == .failed { #expect(finding?.found.contains("may not give verdicts") == true) }
    }

    @Test("V-03: each setting that lets a verdict outlive its evidence is a warning of its own")
    func hazards() {
        let rights = ["read": true, "give verdicts": true]
        let findings = Self.project(rights, hazards: ["votes are copied", "nothing asks for it"]).findings("host")
        #expect(Self.troubles(findings) == Array(repeating: "forge.label-rules warning", count: 2))
        #expect(Self.troubles(Self.project(rights).findings("host")) == [])
        #expect(!Self.project(rights, hazards: nil).findings("host").contains { $0.check == "forge.label-rules" })
    }

    @Test("A forge that does not know us is one finding, whatever its projects")
    func noAccount() {
        let seen = ForgeObservation(account: .failure(Self.broken), projects: Self.project([:]).projects)
        #expect(Self.troubles(seen.findings("host")) == ["forge.account failed"])
    }

    @Test(
        "A token that has ended fails, one that ends within fourteen days is a warning, and both name its day",
        arguments: [
            (-86_400, Finding.State.failed, "ended on 2026-11-21, 24 hours ago"), (0, .failed, "ended on 2026-11-22"),
            (86_400, .warning, "ends on 2026-11-23, in 24 hours"),
            (13 * 86_400, .warning, "ends on 2026-12-05, in 13 days"),
            (14 * 86_400, .ok, "ends on 2026-12-06, in 14 days"), (15 * 86_400, .ok, "ends on 2026-12-07, in 15 days"),
            (nil, .ok, "never ends"),
        ] as [(Double?, Finding.State, String)])
    func tokenEnd(_ left: Double?, _ state: Finding.State, _ words: String) {
        // 2026-11-22, 15:00 UTC
        let now = Date(timeIntervalSince1970: 1_795_359_600)
        let token = ForgeTokenObservation(
            name: "sluice", scopes: ["api"], end: left.map { .at(now.addingTimeInterval($0)) } ?? .never,
            place: "https://host/tokens", asked: now)
        let findings = token.findings("host")
        #expect(findings.map(\.state) == [state])
        #expect(findings.map(\.subject) == ["Forge/host"])
        #expect(findings.first?.found.hasPrefix("the token “sluice” \(words)") == true, "\(findings)")
        #expect((findings.first?.fix == nil) == (state == .ok))
        if state != .ok { #expect(findings.first?.fix?.contains("https://host/tokens") == true) }
    }

    @Test(
        "Each scope that is missing is a warning with what takes it, besides a near end; an inactive token is one failure"
    )
    func tokenScopes() {
        let now = Date(timeIntervalSince1970: 1_795_359_600)
        var token = ForgeTokenObservation(
            scopes: ["read_api"], end: .untold,
            missing: [
                .init("api", for: ["give verdicts", "push and merge"]), .init("read_repository", for: ["read"]),
            ],
            place: "there", asked: now)
        var findings = token.findings("host")
        #expect(Self.troubles(findings) == Array(repeating: "forge.token warning", count: 2))
        #expect(
            findings.first?.found
                == "the token lacks the scope api, which it takes to give verdicts, push and merge; its scopes: read_api"
        )
        #expect(findings.first?.fix?.hasPrefix("make one with api (there)") == true)
        token.end = .at(now.addingTimeInterval(86_400))
        #expect(token.findings("host").count == 3)
        token.isActive = false
        #expect(Self.troubles(token.findings("host")) == ["forge.token failed"])
        token = ForgeTokenObservation(scopes: (0..<40).map { "s\($0)" }, end: .untold, place: "", asked: now)
        findings = token.findings("host")
        #expect(findings.map(\.state) == [.ok])
        #expect(findings.first?.found.hasSuffix(", s9 and 30 more") == true)
    }

    @Test("An end beyond all calendars is one far off")
    func endlessToken() {
        let token = ForgeTokenObservation(end: .at(.distantFuture), place: "", asked: .distantPast)
        #expect(token.findings("host").map(\.state) == [.ok])
    }

    @Test("Of a token of which nothing is said, or that cannot be asked about, nothing is made")
    func untoldToken() {
        func states(_ token: Result<ForgeTokenObservation?, SluiceError>?) -> [Finding.State] {
            ForgeObservation(account: .success("sluice"), token: token).findings("host")
                .filter { $0.check == "forge.token" }.map(\.state)
        }
        #expect(states(.success(nil)) == [.notChecked])
        #expect(states(.failure(Self.broken)) == [.notChecked])
        #expect(states(nil) == [])
    }

    // MARK: The rest

    @Test(
        "Webhooks that never came are a warning, those that are not taken none",
        arguments: [
            (WebhookObservation(isTaken: false), Finding.State.notChecked), (.init(isTaken: true), .warning),
            (.init(isTaken: true, lastSeen: .seconds(60)), .ok),
            (.init(isTaken: true, lastSeen: .seconds(700_000)), .warning),
            (.init(isTaken: true, unreadable: ["no such file"], lastSeen: .seconds(60)), .failed),
            (.init(isTaken: true, isKnown: false), .notChecked),
        ])
    func webhooks(_ seen: WebhookObservation, _ state: Finding.State) { #expect(seen.finding("host").state == state) }

    @Test(
        "Desired state is in force, or its source says why not",
        arguments: [
            (ConfigurationObservation(source: "/etc/sluice", isInForce: true, objects: 3), []),
            (.init(source: nil, isInForce: nil, objects: 1), []),
            (.init(source: nil, isInForce: nil, objects: 0), ["configuration.objects warning"]),
            (.init(source: "/etc/sluice", isInForce: nil, objects: 3), ["configuration.source not-checked"]),
            (
                .init(source: "/etc/sluice", isInForce: false, message: "line 3", objects: 3),
                ["configuration.source failed"]
            ),
        ])
    func configuration(_ seen: ConfigurationObservation, _ troubles: [String]) {
        #expect(Self.troubles(seen.findings) == troubles)
    }

    @Test("A disk is full before nothing is left on it")
    func disk() {
        func state(_ free: Int64, of all: Int64, files: Int64? = nil) -> Finding.State? {
            MachineObservation(directory: "/data", freeBytes: free << 20, allBytes: all << 20, freeFiles: files)
                .findings.first?.state
        }
        #expect(state(100_000, of: 200_000) == .ok)
        #expect(state(3_000, of: 200_000) == .warning)
        #expect(state(1_000, of: 10_000) == .warning)
        #expect(state(100, of: 200_000) == .failed)
        #expect(state(100_000, of: 200_000, files: 50) == .failed)
    }

    @Test("A data directory that cannot be read, or does not answer, is a failure with what to look at")
    func unreadableDisk() {
        let unread = MachineObservation(directory: "/data", freeBytes: nil, allBytes: nil).findings
        for findings in [unread, MachineObservation.findings(without: Self.broken, of: "/data")] {
            #expect(Self.troubles(findings) == ["machine.disk failed"])
            #expect(findings.first?.fix?.contains("/data") == true)
        }
        #expect(!DoctorReport(unread).isHealthy)
    }

    @Test("git has to be there and new enough; what only checks use need not be")
    func programs() {
        func state(_ name: String, _ version: String?, _ purpose: String? = nil) -> Finding.State? {
            let program = MachineObservation.Program(name: name, version: version, isFor: purpose)
            let size = Int64(1) << 40
            let machine = MachineObservation(
                directory: "/data", freeBytes: size, allBytes: size, programs: [program])
            return machine.findings.last?.state
        }
        #expect(state("git", "2.39.5") == .ok)
        #expect(state("git", "2.9.5") == .failed)
        #expect(state("git", "3.0") == .ok)
        #expect(state("git", nil) == .failed)
        #expect(state("puppet", "8.6.0", "manifests are not parsed") == .ok)
        #expect(state("puppet", nil, "manifests are not parsed") == .notChecked)
    }

    @Test(
        "An interface that asks nobody is a warning, bindings that cannot be read are a failure",
        arguments: [
            (AccessObservation(requiresProof: true, hasBindings: true), []),
            (.init(requiresProof: true, hasBindings: false), ["access.bindings not-checked"]),
            (.init(requiresProof: false, hasBindings: false), ["access.proof warning"]),
            (.init(requiresProof: true, isReadOpen: true, hasBindings: true), ["access.proof warning"]),
            (
                .init(requiresProof: true, hasBindings: false, hasUnreadableBindings: true),
                ["access.bindings failed"]
            ),
        ])
    func access(_ seen: AccessObservation, _ troubles: [String]) { #expect(Self.troubles(seen.findings) == troubles) }

    @Test("Whatever is a warning or has failed says what mends it, and a diagnosis is healthy without failures")
    func fixes() {
        let warning = Finding.warning("a.b", "x", fix: "y")
        let failed = Finding.failed("a.b", Self.broken, fix: "look")
        #expect(warning.fix == "y" && failed.fix == "look")
        #expect(DoctorReport([warning]).isHealthy)
        #expect(!DoctorReport([warning, failed]).isHealthy)
        #expect(DoctorReport([warning, failed, failed]).counts == [.warning: 1, .failed: 2])
    }

    // MARK: Objects

    @Test("A template that cannot be made fails, what else stands still is told object by object")
    func objects() {
        #expect(
            ObjectsObservation(count: 3).findings.map(\.state) == [.notChecked, .ok], "nothing has been cloned yet")
        #expect(Self.troubles(ObjectsObservation(readyTemplates: 2, count: 3).findings) == [])
        let broken = ObjectsObservation.Stalled(
            "BaseTemplate/land/1a", reason: "DeployFailed", message: "master does not deploy", isTemplate: true)
        let waiting = ObjectsObservation.Stalled("Release/rel1", reason: "NotApproved", message: "0 of 1 approvals")
        let seen = ObjectsObservation(readyTemplates: 2, count: 40, stalledCount: 25, stalled: [broken, waiting])
        #expect(
            Self.troubles(seen.findings) == [
                "template.health failed", "objects.standing warning", "objects.standing warning",
            ])
        #expect(seen.findings.map(\.subject) == ["BaseTemplate/land/1a", "Release/rel1", nil])
        #expect(seen.findings.last?.found == "23 more stand still")
        #expect(seen.findings[1].fix == "sluice explain Release/rel1")
    }
}
