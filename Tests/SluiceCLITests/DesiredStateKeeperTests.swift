import ConfigRepository
import DesiredState
import Foundation
import Logging
import PostgresClient
import StateStore
import StateStoreSupport
import Testing

@testable import SluiceCLI

@Suite("What is in force is known at once")
struct DesiredStateKeeperTests {
    private let silence = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test("Whoever takes up the wish of a change sees the change, whichever process brought it into force")
    func change() async throws {
        try await withStore { store in
            let (here, elsewhere) = (
                DesiredStateKeeper(store: store, logger: silence), DesiredStateKeeper(store: store, logger: silence)
            )
            for keeper in [here, elsewhere] { #expect(try await keeper.state().isEmpty) }
            let change = try await apply("/srv/git", in: store)
            for keeper in [here, elsewhere] { #expect(try await keeper.state().forges.keys.sorted() == ["local"]) }
            #expect(try await store.configuration.latest()?.id == change)
            try await apply("/srv/other", in: store)
            for keeper in [here, elsewhere] {
                #expect(try await keeper.state().forges["local"]?.host == .local(LocalForgeSpec(path: "/srv/other")))
            }
        }
    }

    @Test("A store that is set back under a running replica and goes on to the same number is read again")
    func setBack() async throws {
        try await withStore { store in
            try await apply("/srv/git", in: store)
            let keeper = DesiredStateKeeper(store: store, logger: silence)
            #expect(try await keeper.state().forges["local"]?.host == .local(LocalForgeSpec(path: "/srv/git")))
            // What a restore and another change come to: the same number, of another time and with other objects.
            try await store.pool.query(
                "UPDATE sluice.configuration_changes SET applied_at = applied_at + interval '1 hour'")
            try await store.pool.query("DELETE FROM sluice.resources")
            #expect(try await keeper.state().isEmpty)
        }
    }

    @Test("As long as nothing changes, what is in force is not read again")
    func standing() async throws {
        try await withStore { store in
            try await apply("/srv/git", in: store)
            let keeper = DesiredStateKeeper(store: store, logger: silence)
            let state = try await keeper.state()
            // Nobody takes rows away beside a change; were they read, it would show.
            try await store.pool.query("DELETE FROM sluice.resources")
            #expect(try await keeper.state() == state)
        }
    }

    @discardableResult
    private func apply(_ path: String, in store: StateStore) async throws -> Int64? {
        let text =
            "apiVersion: sluice.dev/v1alpha1\nkind: Forge\nmetadata: {name: local}\n"
            + "spec: {type: local, local: {path: \(path)}}\n"
        let byHand = ConfigurationByHand(store: store, policy: ConfigurationPolicy(), isSourceRead: false)
        return try await byHand.apply(
            .init(files: [DesiredStateFile(path: "forge.yaml", bytes: Array(text.utf8))], author: "somebody")
        ).change
    }
}
