import DesiredState
import ForgeDoubles
import Forges
import GitClient
import StateStore
import Testing

@testable import ReleasePromotion

@Suite("Releases on code hosts")
struct ReleaseHostTests {
    @Test(
        "A release is promoted, taken back and cancelled over the host's own protocol, and nothing short-lived is left",
        arguments: [ForgeType.gitlab, .github, .gitee, .gerrit])
    func life(_ host: ForgeType) async throws {
        try await HostWorld.with(host) { world in
            try await world.propose("rel1", edge: Pin.pC5)
            let released = try await world.release("rel1", to: .complete)
            #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
            let after = try await world.standing()
            #expect(after.pins == ["PC5", "PC5", "PC5", "PC5"])
            #expect(after.others == ["rel1"])

            let back = try await world.release("rel1", to: .rolledBack)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            _ = try await world.release("rel1", to: .cancelled)
            let gone = try await world.standing()
            #expect(gone.pins == ["P60", "P60", "P60", "P60"])
            #expect(gone.others == [])

            try await world.propose("rel2", edge: Pin.p2C)
            let next = try await world.release("rel2", to: .complete)
            #expect(next.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
        }
    }

    @Test(
        "A release stays what was merged of it when its source moves: it does not begin anew, and its source is not deleted",
        arguments: [ForgeType.gitlab, .github, .gitee, .gerrit])
    func sourceMoved(_ host: ForgeType) async throws {
        try await HostWorld.with(host) { world in
            try await world.propose("rel1", edge: Pin.pC5)
            _ = try await world.release("rel1", to: .stage("uat"))
            try await world.double.administer { double in
                try await double.commit(
                    ["data/more.yaml": Array("a: 1\n".utf8)], on: "rel1", of: HostWorld.project, message: "More\n",
                    by: "ada")
            }
            let held = try await world.release("rel1", to: .complete)
            #expect(held.steps.map(\.state) == [.succeeded, .waiting, .waiting])
            #expect(try await world.stall("rel1") == "SourceMoved")
            _ = try await world.release("rel1", to: .cancelled)
            #expect(try await world.stall("rel1") == "StillMerged")
            #expect(try await world.standing().others == ["rel1"])
        }
    }

    @Test(
        "A release is found in the branches, and can be rolled back, when its source is deleted",
        arguments: [ForgeType.gitlab, .github, .gitee, .gerrit])
    func sourceDeleted(_ host: ForgeType) async throws {
        try await HostWorld.with(host) { world in
            let (project, source) = (try ProjectRef(HostWorld.project), try RefName.branch("rel1"))
            try await world.propose("rel1", edge: Pin.pC5)
            _ = try await world.release("rel1", to: .complete)
            let head = try #require(try await world.forge.branchHead(project: project, branch: source))
            _ = try await world.forge.deleteBranch(source, expecting: head, project: project)
            let released = try await world.release("rel1", to: .complete)
            #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
            let back = try await world.release("rel1", to: .rolledBack)
            #expect(back.steps.map(\.state) == [.rolledBack, .rolledBack, .rolledBack])
            #expect(try await world.standing().pins == ["P60", "P60", "P60", "P60"])
        }
    }

    @Test(
        "A project that makes no merge commits gets nothing, and its settings are named",
        arguments: [ForgeType.gitlab, .github])
    func noMergeCommits(_ host: ForgeType) async throws {
        try await HostWorld.with(host) { world in
            try await world.propose("rel1", edge: Pin.pC5)
            try await world.double.administer {
                try await $0.configure(HostWorld.project) { $0.refusesMergeCommits = true }
            }
            let held = try await world.release("rel1", to: .complete)
            #expect(held.steps.map(\.state) == [.waiting, .waiting, .waiting])
            #expect(try await world.standing().pins == ["P60", "P60", "P60", "P60"])
            #expect(try await world.stall("rel1") == "NoMergeCommits")
            try await world.double.administer {
                try await $0.configure(HostWorld.project) { $0.refusesMergeCommits = false }
            }
            let released = try await world.release("rel1", to: .complete)
            #expect(released.steps.map(\.state) == [.succeeded, .succeeded, .succeeded])
        }
    }

    @Test("A GitLab project that squashes all there is gets nothing either")
    func squashed() async throws {
        try await HostWorld.with(.gitlab) { world in
            try await world.propose("rel1", edge: Pin.pC5)
            try await world.double.administer {
                try await $0.configure(HostWorld.project) { $0.squashesAlways = true }
            }
            let held = try await world.release("rel1", to: .complete)
            #expect(held.steps.map(\.state) == [.waiting, .waiting, .waiting])
            #expect(try await world.stall("rel1") == "NoMergeCommits")
        }
    }

    @Test(
        "What the checks say of the source stands in one comment on its open merge request, edited in place",
        arguments: [ForgeType.gitlab, .github, .gitee])
    func verified(_ host: ForgeType) async throws {
        try await HostWorld.with(host) { plain in
            var world = plain
            world.checks = ReleaseChecks(TreeChecker(programs: nil))
            let project = try ProjectRef(HostWorld.project)
            let source = try RefName.branch("rel1")
            try await world.propose("rel1", edge: Pin.pC5)
            let head = try #require(try await world.forge.branchHead(project: project, branch: source))
            let request = try await world.forge.open(
                MergeRequestProposal(source: source, head: head, target: try .branch("uat"), title: "New", body: ""),
                project: project)
            let marker = try Marker("release/rel1/verified")
            func comment() async throws -> Forges.Comment? {
                try await world.forge.comment(marked: marker, on: .mergeRequest(request.id), project: project)
            }
            _ = try await world.release("rel1", to: .draft)
            let first = try #require(try await comment())
            #expect(first.text.hasPrefix("**Verified: +1** (\(head.abbreviated)): "))
            try await world.double.administer { double in
                try await double.commit(
                    ["data/common.yaml": Array("a: [".utf8)], on: "rel1", of: HostWorld.project, message: "Break\n",
                    by: "ada")
            }
            _ = try await world.release("rel1", to: .draft)
            let second = try #require(try await comment())
            #expect(second.text.hasPrefix("**Verified: -1** ") && second.text.contains("data/common.yaml"))
            #expect(second.id == first.id)
        }
    }
}
