import DesiredState
import Diagnostics
import Forges
import Foundation
import GitClient
import NIOConcurrencyHelpers
import PatchSeries
import Reconciliation
import StateStore
import TestSupport
import Testing

@testable import UpstreamTracking

@Suite("Following an upstream")
struct TrackingTests {
    @Test(
        "1.7.7, 1.7.11 new commits become one branch, one issue and one merge request, which are updated in place and end with the merge"
    )
    func wholeLife() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let start = try await world.status().cursor
            #expect(start != nil)
            #expect(try await world.condition().reason == "UpToDate")
            #expect(try await world.branches() == ["master"])

            let first = try await world.commit([3: "three"], "Say three | and `more`")
            try await world.look()
            let request = try #require(try await world.request())
            #expect(request.title == "tool: Say three | and `more`")
            #expect(request.body.contains("[\(first.abbreviated)](https://git.example.org/tool/commit/\(first))"))
            #expect(request.body.contains("Say three \\| and \\`more\\`"))
            #expect(request.body.contains("Issue #1"))
            #expect(try await world.status().cursor == start, "the cursor moves with the merge")
            #expect(try await world.status().behind == 1)
            #expect(try await world.condition().reason == "Proposed")
            let statuses = try await world.forge.statuses(
                on: request.head, project: try #require(UpstreamWorld.project))
            #expect(statuses.map(\.state) == [.success])

            let second = try await world.commit([3: "three", 20: "twenty"], "Say twenty")
            try await world.look()
            let updated = try #require(try await world.request())
            #expect(updated.id == request.id && updated.head != request.head)
            #expect(updated.title == "tool: 2 patches of upstream's main, up to Say twenty")
            #expect(try await world.issues().map(\.title) == [updated.title])
            #expect(
                try await world.packageRepository.git("ls-tree", "--name-only", "\(UpstreamWorld.branch):patches")
                    == "0001-\(first.abbreviated)-Say-three-and-more.patch\n0002-\(second.abbreviated)-Say-twenty.patch"
            )

            try await world.merge()
            try await world.look()
            #expect(try await world.status().cursor == second)
            #expect(try await world.status().behind == 0)
            #expect(try await world.branches() == ["master"], "no branch is left behind")
            #expect(try await world.issues().map(\.state) == [.closed])
            #expect(try await world.condition().reason == "UpToDate")

            try await world.commit([3: "three", 20: "twenty", 9: "nine"], "Say nine")
            try await world.look()
            #expect(try await world.issues().map(\.state) == [.open], "the same issue tells of what is new")
            #expect(try await world.request() != nil)
        }
    }

    @Test("a branch that somebody took away is pushed again, though what is proposed is known")
    func pushedAgain() async throws {
        try await UpstreamWorld.with { world in
            let engine = world.engine(failpoints: NoFailpoints(), worker: "one")
            func look() async throws {
                let spec = world.spec.withLockedValue(\.self)
                try await world.store.resources.store([
                    DesiredResource(UpstreamWorld.key, spec: ResourceSpec.upstream(spec).json)
                ])
                try await world.store.queue.enqueue(EnqueueRequest(UpstreamWorld.key, lane: .observe, reason: "test"))
                try await engine.drain(limit: 50)
            }
            try await look()
            try await world.commit([3: "three"])
            for _ in 0..<2 { try await look() }
            let head = try await world.packageRepository.git("rev-parse", UpstreamWorld.branch)
            try await world.packageRepository.git("update-ref", "-d", "refs/heads/\(UpstreamWorld.branch)")
            try await look()
            #expect(try await world.packageRepository.git("rev-parse", UpstreamWorld.branch) == head)
        }
    }

    @Test("a look at what is proposed already writes nothing")
    func steady() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"])
            try await world.look()
            let before = try await world.store.history.tasks().elements.count
            let refs = try await world.packageRepository.git("for-each-ref")
            try await world.look()
            #expect(try await world.store.history.tasks().elements.count == before)
            #expect(try await world.packageRepository.git("for-each-ref") == refs)
        }
    }

    @Test("a patch that does not fit is proposed with the place and the lines that differ, and a red verdict")
    func conflict() async throws {
        try await UpstreamWorld.with(package: ["main.c": UpstreamWorld.text([4: "vier"])]) { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.commit([3: "three", 25: "x"], "Far away")
            try await world.look()
            #expect(try await world.condition().reason == "ProposedWithConflicts")
            let rows = try await world.status().patches
            #expect(rows.map(\.status) == [.conflict, .clean])
            #expect(
                rows.first?.reason == "main.c:4: expected \"line 4\", found \"vier\" (5 of 6 lines match from line 1)")
            let request = try #require(try await world.request())
            #expect(request.body.contains("**1 of 2 patches do not fit**"))
            let statuses = try await world.forge.statuses(
                on: request.head, project: try #require(UpstreamWorld.project))
            #expect(statuses.map(\.state) == [.failed])
        }
    }

    @Test("a patch whose text does not fit, but that git merges without a conflict, says so")
    func threeWay() async throws {
        try await UpstreamWorld.with(package: ["main.c": UpstreamWorld.text([8: "acht"])]) { world in
            try await world.look()
            try await world.commit([6: "six"], "Say six")
            try await world.commit([6: "six", 8: "eight"], "Say eight")
            try await world.look()
            let rows = try await world.status().patches
            #expect(rows.map(\.status) == [.conflict, .conflict])
            #expect(rows.first?.reason?.hasSuffix("git merges it without a conflict") == true, "\(rows)")
            #expect(rows.last?.reason?.contains("git merges it") == false, "both have changed the same line")
        }
    }

    @Test("commits that people put on the branch are kept, and newer commits of upstream wait")
    func people() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            let first = try await world.commit([3: "three"])
            try await world.look()
            try await world.packageRepository.author("fetch", "-q", "origin", UpstreamWorld.branch)
            let ours = try ObjectID(try await world.packageRepository.author("rev-parse", "FETCH_HEAD"))
            let theirs = try await world.packageRepository.push(
                ["notes": "a person's\n"], to: UpstreamWorld.branch, from: ours, message: "By hand")
            try await world.commit([3: "three", 9: "nine"])
            try await world.look()
            #expect(try await world.packageRepository.git("rev-parse", UpstreamWorld.branch) == theirs.hex)
            #expect(try await world.request()?.head == theirs)
            #expect(try await world.condition().message.contains("newer commits wait"))
            #expect(try await world.request()?.title.contains("up to \(first.abbreviated), with people's") == true)
            let verdicts = try await world.forge.statuses(on: theirs, project: try #require(UpstreamWorld.project))
            #expect(verdicts.map(\.context) == ["sluice/upstream"], "what is required of a merge is there")
            try await world.merge()
            try await world.look()
            #expect(try await world.status().cursor == first, "the merge brought what the branch had")
            #expect(try await world.status().behind == 1)
            #expect(try await world.request() != nil, "the rest is proposed now")
            #expect(try await world.issues().count == 1)
        }
    }

    @Test("a commit of ours that a person amended counts for what was proposed, not for what the package had before")
    func amended() async throws {
        try await UpstreamWorld.with { world in
            let package = world.packageRepository
            func fastForward(amending: Bool) async throws -> Int {
                let request = try #require(try await world.request())
                try await package.author("fetch", "-q", "origin", "master", UpstreamWorld.branch)
                var head = request.head
                if amending {
                    let parent = try await package.author("rev-parse", "\(head)^")
                    let message = try await package.author("log", "-1", "--format=%B", head.hex)
                    head = try ObjectID(
                        try await package.author("commit-tree", "\(head)^{tree}", "-p", parent, "-m", message))
                    try await package.author("push", "-q", "-f", "origin", "\(head):refs/heads/\(UpstreamWorld.branch)")
                    try await world.look()
                    #expect(try await world.request()?.head == head)
                }
                try await package.author("push", "-q", "origin", "\(head):refs/heads/master")
                try await world.look()
                return try #require(try await world.status().behind)
            }
            try await world.look()
            try await world.commit([3: "three"], "One")
            try await world.look()
            #expect(try await fastForward(amending: false) == 0)
            let second = try await world.commit([3: "three", 9: "nine"], "Two")
            try await world.look()
            #expect(try await fastForward(amending: true) == 0)
            #expect(try await world.status().cursor == second)
            #expect(try await world.request() == nil, "nothing is proposed twice")
        }
    }

    @Test("a merge request that somebody closed is not opened again")
    func refused() async throws {
        try await UpstreamWorld.with { world in
            try await world.look()
            try await world.commit([3: "three"])
            try await world.look()
            let request = try #require(try await world.request())
            _ = try await world.forge.close(
                request.id, expecting: request.head, project: try #require(UpstreamWorld.project))
            try await world.look()
            try await world.commit([3: "three", 9: "nine"])
            try await world.look()
            #expect(try await world.request() == nil)
            #expect(try await world.branches() == ["master"])
            #expect(try await world.issues().map(\.state) == [.closed])
            #expect(try await world.condition().reason == "Refused")
            #expect(try await world.condition().message.contains("2 commits behind"))
        }
    }

    @Test("1.7.3 a history that was rewritten is told with what is gone, and followed when everything came back")
    func rewritten() async throws {
        try await UpstreamWorld.with { world in
            let begin = try ObjectID(try await world.upstreamRepository.git("rev-parse", "main"))
            let dropped = try await world.commit([3: "three"], "Say three")
            try await world.look()
            #expect(try await world.status().cursor == dropped)
            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([25: "x"])], to: "main", from: begin, message: "Say x")
            try await world.look()
            let told = try await world.condition(.stalled)
            #expect(told.reason == "UpstreamRewritten")
            #expect(told.message.contains("1 of them without an equivalent: \(dropped.abbreviated) Say three"))
            #expect(try await world.status().cursor == dropped)

            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([3: "three", 25: "x"])], to: "main", message: "Say three again")
            try await world.look()
            #expect(try await world.status().cursor == begin)
            #expect(try await world.request()?.title == "tool: Say x", "what the package has is not proposed again")
        }
    }

    @Test("a commit that the package has and that comes again by a merge is not proposed again")
    func againByMerge() async throws {
        try await UpstreamWorld.with { world in
            let upstream = world.upstreamRepository
            let begin = try ObjectID(try await upstream.git("rev-parse", "main"))
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await upstream.push(
                ["main.c": UpstreamWorld.text([25: "x"])], to: "main", from: begin, message: "Say x")
            let again = try await upstream.push(
                ["main.c": UpstreamWorld.text([3: "three"])], to: "side", from: begin, message: "Say three again")
            let side = try await upstream.commit(["side.c": "aside\n"], on: "side", from: again, message: "Aside")
            try await upstream.merge(side)
            try await world.look()
            #expect(try await world.status().cursor == begin)
            #expect(try await world.status().patches.map(\.subject).sorted() == ["Aside", "Say x"])
            #expect(try await world.condition().reason == "Proposed")
        }
    }

    @Test("what was refused stays refused when upstream's branch is moved by force")
    func refusedRewritten() async throws {
        try await UpstreamWorld.with { world in
            let begin = try ObjectID(try await world.upstreamRepository.git("rev-parse", "main"))
            let project = try #require(UpstreamWorld.project)
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await world.commit([3: "three", 9: "nine"], "Say nine")
            try await world.look()
            let request = try #require(try await world.request())
            _ = try await world.forge.close(request.id, expecting: request.head, project: project)
            try await world.look()
            #expect(try await world.condition().reason == "Refused")
            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([25: "x"])], to: "main", from: begin, message: "Say x")
            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([3: "three", 25: "x"])], to: "main", message: "Say three again")
            try await world.look()
            #expect(try await world.status().cursor == begin)
            #expect(try await world.condition().reason == "Refused")
            #expect(try await world.request() == nil)
        }
    }

    @Test(
        "a cursor that upstream has thrown away is kept, and one that is lost does not go back to the start by itself")
    func lost() async throws {
        try await UpstreamWorld.with { world in
            let begin = try ObjectID(try await world.upstreamRepository.git("rev-parse", "main"))
            func start(_ commit: ObjectID) {
                world.spec.withLockedValue { spec in
                    spec = spec.changing(UpstreamSource(place: spec.source.place, branch: "main", start: commit.hex))
                }
            }
            start(begin)
            let cursor = try await world.commit([3: "three"], "Say three")
            try await world.look()
            try await world.merge()
            try await world.look()
            try await world.look()
            #expect(try await world.status().cursor == cursor)
            try await world.upstreamRepository.push(
                ["main.c": UpstreamWorld.text([25: "x"])], to: "main", from: begin, message: "Say x")
            try await world.upstreamRepository.git("gc", "--quiet", "--prune=now")
            try await world.look()
            #expect(
                try await world.condition(.stalled).reason == "UpstreamRewritten", "it can still be said what is gone")

            try await world.upstreamRepository.git("update-ref", "-d", "refs/upstreams/tool/cursor")
            try await world.upstreamRepository.git("update-ref", "-d", "refs/upstreams/tool/covered")
            try await world.upstreamRepository.git("gc", "--quiet", "--prune=now")
            try await world.look()
            #expect(try await world.condition(.stalled).reason == "CursorLost")
            #expect(try await world.status().cursor == cursor)
            start(try ObjectID(try await world.upstreamRepository.git("rev-parse", "main")))
            try await world.look()
            #expect(try await world.condition().reason == "UpToDate", "somebody has said where to go on from")
        }
    }

    @Test("a start that is named is where the patches begin, and a branch that is missing is said")
    func starts() async throws {
        try await UpstreamWorld.with { world in
            let begin = try await world.upstreamRepository.git("rev-parse", "main")
            try await world.commit([3: "three"])
            world.spec.withLockedValue { spec in
                spec = spec.changing(UpstreamSource(place: spec.source.place, branch: "main", start: begin))
            }
            try await world.look()
            #expect(try await world.status().cursor?.hex == begin)
            #expect(try await world.request() != nil)
            world.spec.withLockedValue { spec in
                spec = spec.changing(UpstreamSource(place: spec.source.place, branch: "trunk", start: begin))
            }
            try await world.look()
            #expect(try await world.condition(.stalled).reason == "UpstreamBranchMissing")
        }
    }

    @Test("commits that change nothing, and those that are to be ignored, are no reason for a merge request")
    func nothing() async throws {
        try await UpstreamWorld.with({ $0.changing(IgnoreRules(paths: ["docs"], authors: ["*bot*"])) }) { world in
            try await world.look()
            try await world.upstreamRepository.push(["docs/readme": "hi\n"], to: "main", message: "Words")
            try await world.upstreamRepository.push([:], to: "main", message: "Nothing")
            try await world.look()
            #expect(try await world.request() == nil)
            #expect(try await world.branches() == ["master"])
            #expect(try await world.status().behind == 2)
            #expect(try await world.condition().reason == "NothingToPropose")
        }
    }

    @Test("what the package has already is left out, and patches that it carries and upstream has by now are named")
    func absorbed() async throws {
        let carried = """
            --- a/main.c
            +++ b/main.c
            @@ -1,4 +1,4 @@
             line 1
             line 2
            -line 3
            +three
             line 4

            """
        try await UpstreamWorld.with(
            package: [
                "patches/fix.patch": .text(carried),
                "tool.spec": .text(SpecFileTests.spec.replacing("old.patch", with: "patches/fix.patch")),
            ],
            {
                UpstreamSpec(
                    source: $0.source,
                    package: TrackedPackage(forge: "local", project: "packages/tool", branch: "master"),
                    patches: PatchPlacement(folder: "patches", edit: .rpm(spec: "tool.spec", firstNumber: 6000)))
            }
        ) { world in
            try await world.look()
            try await world.commit([3: "three"], "Say three")
            try await world.look()
            #expect(try await world.request() == nil, "the package has all of it")
            #expect(try await world.condition().reason == "NothingToPropose")

            let commit = try await world.commit([3: "three", 20: "twenty"], "Say twenty")
            try await world.look()
            #expect(try await world.status().patches.map(\.status) == [.alreadyApplied, .clean])
            #expect(try await world.status().absorbed == ["patches/fix.patch"])
            let request = try #require(try await world.request())
            #expect(request.title == "tool: Say twenty")
            #expect(request.body.contains("- `patches/fix.patch`"))
            #expect(request.body.contains("1 of 2 are left out: the package has them."))
            #expect(request.body.contains("| left out: the package has it |"))
            let added = "0001-\(commit.abbreviated)-Say-twenty.patch"
            #expect(
                try await world.packageRepository.git("ls-tree", "--name-only", "\(UpstreamWorld.branch):patches")
                    == "\(added)\nfix.patch")
            let spec = try await world.file("tool.spec")
            #expect(spec.contains("Patch6000: patches/\(added)\n") && !spec.contains("Patch6001"))
        }
    }

    @Test("1.7.7 with a spec file, what comes while the merge request is open takes the next numbers, and one release")
    func specWhileOpen() async throws {
        try await UpstreamWorld.with(
            package: ["tool.spec": .text(SpecFileTests.spec.replacing("Patch1: old.patch\n", with: ""))],
            {
                UpstreamSpec(
                    source: $0.source,
                    package: TrackedPackage(forge: "local", project: "packages/tool", branch: "master"),
                    patches: PatchPlacement(edit: .rpm(spec: "tool.spec", firstNumber: 6000)))
            }
        ) { world in
            func lines(_ prefix: String, at revision: String = UpstreamWorld.branch) async throws -> [String] {
                try await world.file("tool.spec", at: revision).split(separator: "\n").filter { $0.hasPrefix(prefix) }
                    .map { String($0.prefix(prefix == "Patch" ? 9 : 40)) }
            }
            try await world.look()
            try await world.commit([3: "three"], "One")
            try await world.look()
            #expect(try await lines("Release:") == ["Release: 5%{?dist}", "Release: 9"])
            try await world.commit([3: "three", 9: "nine"], "Two")
            try await world.look()
            #expect(try await lines("Release:") == ["Release: 5%{?dist}", "Release: 9"], "it is raised once")
            #expect(try await lines("Patch") == ["Patch6000", "Patch6001"])
            try await world.merge()
            try await world.look()
            try await world.commit([3: "three", 9: "nine", 20: "x"], "Three")
            try await world.look()
            #expect(try await lines("Release:") == ["Release: 6%{?dist}", "Release: 9"])
            #expect(try await lines("Patch") == ["Patch6000", "Patch6001", "Patch6002"])
            try await world.merge()
            #expect(try await lines("Patch", at: "master").count == 3)
        }
    }

    @Test("behind a patch that does not fit nothing is left out")
    func behindConflict() throws {
        let commit = try ObjectID(ofBlob: [])
        func added(_ statuses: PatchStatus...) -> [Bool] {
            statuses.map { PatchRow(commit: commit, subject: "", author: "", status: $0) }.areAdded
        }
        #expect(added(.alreadyApplied, .clean, .alreadyApplied) == [false, true, false])
        #expect(added(.alreadyApplied, .conflict, .alreadyApplied) == [false, true, true])
    }
}

extension UpstreamSpec {
    /// The same with another source.
    func changing(_ source: UpstreamSource) -> UpstreamSpec {
        UpstreamSpec(source: source, package: package, patches: patches, ignore: ignore)
    }

    /// The same for another package.
    func changing(package project: String, branch: String) -> UpstreamSpec {
        UpstreamSpec(
            source: source,
            package: TrackedPackage(forge: package.forge, project: project, branch: branch, sources: package.sources),
            patches: patches, ignore: ignore)
    }

    /// The same with other rules.
    func changing(_ ignore: IgnoreRules) -> UpstreamSpec {
        UpstreamSpec(source: source, package: package, patches: patches, ignore: ignore)
    }
}
