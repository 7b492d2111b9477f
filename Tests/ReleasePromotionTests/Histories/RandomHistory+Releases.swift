import DesiredState
import Foundation
import GitClient
import Reconciliation
import TestSupport

@testable import ReleasePromotion

/// What Sluice does.
extension RandomHistory {
    mutating func begin(_ used: String? = nil) throws {
        count += 1
        let name = used ?? "rel\(count)"
        let word = "rel\(count)"
        let zones = Self.zones.shuffled(using: &random)
        let cut = Int.random(in: 1...2, using: &random)
        var places: Set<Place> = []
        for _ in 0..<Int.random(in: 1...2, using: &random) { places.insert(place()) }
        try commit(places.reduce(into: [:]) { $0[$1] = word }, on: name, from: "uat")
        begun.append(
            Begun(
                name: name, source: name, zones: [Array(zones.prefix(cut)), Array(zones.dropFirst(cut))], word: word,
                places: places))
        note("begin", "\(name) \(places.map { "\($0.file):\($0.line)" })")
    }

    mutating func go() throws {
        guard let index = begun.indices.filter({ begun[$0].target != .rolledBack }).randomElement(using: &random)
        else { return }
        let targets: [ReleaseTarget] = [.stage("uat"), .stage("production"), .batch(1), .complete, .complete]
        let before = try look(at: begun[index])
        guard let target = random.pick(targets) else { return }
        begun[index].target = target
        let rehearsal = try look(at: begun[index]).rehearsal
        let headsBefore = heads
        let (result, merged) = try drive(index)
        note("go", "\(begun[index].name) to \(target): \(result.reason), merged \(merged)")
        try expectRehearsed(merged, before.promoted == nil ? rehearsal : nil)
        for branch in merged {
            try expectWords(of: begun[index], on: branch)
            try expectNothingElse(than: begun[index], on: branch, headsBefore[branch])
        }
        for (branch, head) in headsBefore where !merged.contains(branch) {
            guard heads[branch] == head || heads[branch] == nil else { throw broken("\(branch) moved unasked") }
        }
    }

    mutating func takeBack() throws {
        guard let index = begun.indices.randomElement(using: &random) else { return }
        let before = heads
        let had = try look(at: begun[index]).rollback.branches
        begun[index].target = .rolledBack
        let (result, touched) = try drive(index)
        let release = begun[index]
        note("takeBack", "\(release.name): \(result.reason), touched \(touched)")
        for branch in touched {
            try expectForeignWordsKept(release, on: branch, before[branch])
        }
        guard result.reason == "RolledBack" else {
            if !touched.isEmpty { halfTakenBack.insert(release.name) }
            return
        }
        halfTakenBack.remove(release.name)
        tally["rolled back", default: 0] += 1
        for branch in had.keys {
            try expectGone(release, on: branch)
            try expectRestored(release, on: branch, before[branch])
        }
    }

    /// Plans and carries out until there is nothing left to do, as the reconciler does.
    private mutating func drive(_ index: Int) throws -> (result: (reason: String, message: String), [String]) {
        var touched: [String] = []
        for _ in 0..<40 {
            let release = begun[index]
            let seen = try look(at: release)
            begun[index].status = ReleaseStatus(seen)
            let plan = ReleasePlan.decide(seen)
            for action in plan.actions {
                guard case .merge(let merge) = action else { continue }
                if merge.kind == .promo { begun[index].covered[merge.target] = try lines(of: merge.head) }
                try carryOut(merge, seen)
                touched.append(merge.target)
            }
            if plan.result.lookAgain != .zero || plan.actions.isEmpty {
                try did(.want(seen.spec, named: release.name, reason: plan.result.reason))
                return ((plan.result.reason, plan.result.message), touched)
            }
        }
        throw broken("\(begun[index].name) never comes to an end")
    }

    /// What a code host does with a merge request.
    private mutating func carryOut(_ merge: BranchMerge, _ seen: ReleaseObservation) throws {
        guard heads[merge.target] == merge.head else { throw broken("planned for another head of \(merge.target)") }
        guard case .merged(let tree) = try trial.merge(merge.commit, into: merge.head) else {
            throw broken("\(merge.kind) of \(seen.release.release) conflicts on \(merge.target)")
        }
        guard tree == merge.result else { throw broken("\(merge.target) got another tree than was rehearsed") }
        let purpose: ReleaseMessage.Purpose =
            switch merge.kind {
            case .promo: .promotion
            case .revert: .rollback
            case .sync: .sync
            }
        if merge.kind == .sync, tree != (try trial.tree(of: merge.head)) { throw broken("a sync changes content") }
        heads[merge.target] = try trial.makeCommit(
            tree: tree, parents: [merge.head, merge.commit],
            message: ReleaseMessage.text("Merge", purpose, of: seen.release), by: Self.author)
        tally["\(merge.kind)", default: 0] += 1
    }

    private func look(at release: Begun) throws -> ReleaseObservation {
        let tree = try heads[release.source].map { try trial.tree(of: $0).hex } ?? ""
        let spec = ReleaseSpec(
            repository: "puppet", source: release.source, title: release.name,
            batches: release.zones.filter { !$0.isEmpty }.map { ReleaseBatch(zones: $0) }, operators: ["bob"],
            approvals: [ReleaseApproval(by: "dora", tree: tree)], target: clamped(release), requestedBy: "bob")
        return try ReleaseReader(
            trial: trial, release: ReleaseName(repository: "puppet", release: release.name), spec: spec, rules: rules,
            heads: heads, remembered: release.status?.remembered ?? [:], pins: nil,
            known: release.status?.commit.flatMap { ObjectID(exactly: $0) }
        ).read(at: Date(timeIntervalSince1970: 1_739_260_800))
    }

    private func clamped(_ release: Begun) -> ReleaseTarget {
        if case .batch = release.target, release.zones.allSatisfy(\.isEmpty) { return .complete }
        return release.target
    }
}
