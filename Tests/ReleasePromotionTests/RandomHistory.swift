import DesiredState
import Foundation
import GitClient
import Reconciliation

@testable import ReleasePromotion

/// A control repository in memory that lives through random releases, hotfixes, reverts, evil merges and deleted branches,
/// and in which Sluice's own reader and plan do the releases.
///
/// Every line of every file is a word that says who wrote it, so that "is it there" is a question about text, and not the
/// one that the code under test asks.
struct RandomHistory {
    /// A promise that was not kept.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// A release that somebody began.
    struct Begun {
        let name: String
        let source: String
        let zones: [[String]]
        /// The lines that it writes, by file and line.
        let words: [Place: String]
        var target: ReleaseTarget = .draft
    }

    struct Place: Hashable {
        let file: String
        let line: Int
    }

    private static let files = ["Puppetfile", "data/common.yaml"]
    private static let length = 16
    private static let zones = ["zone01", "zone02", "zone03"]
    private static let author = GitSignature(
        name: "ctl", email: "ctl@example.invalid", date: Date(timeIntervalSince1970: 1_739_260_800))

    let trial: Speculation
    private var random: SeededGenerator
    private(set) var heads: [String: ObjectID] = [:]
    private var begun: [Begun] = []
    private var count = 0
    let rules: ControlRepositorySpec
    /// What happened, for whoever looks for the cause.
    private(set) var story: [String] = []
    /// Where people wrote by hand, by what they wrote.
    private(set) var handwriting: [String: String] = [:]
    /// Branches on which people did anything by hand.
    private(set) var touchedByHand: Set<String> = []
    /// How often each thing happened.
    private(set) var tally: [String: Int] = [:]

    init(_ trial: Speculation, root: ObjectID, seed: UInt64) throws {
        self.trial = trial
        random = SeededGenerator(seed: seed)
        rules = ControlRepositorySpec(
            forge: "f", project: "p", stages: ["uat", "production"], zones: ZoneSelection(patterns: ["zone*"]),
            rollback: random.chance(75) ? .sharedRevert : .revertAndSync)
        var content: [String: [UInt8]?] = [:]
        for file in Self.files {
            content[file] = Array(((0..<Self.length).map { "\(file) \($0)" }).joined(separator: "\n").utf8)
        }
        let tree = try trial.makeTree(try trial.tree(of: root), changing: content)
        let first = try trial.makeCommit(tree: tree, parents: [root], message: "Begin", by: Self.author)
        for branch in rules.stages + Self.zones { heads[branch] = first }
    }

    /// Lives through some steps.
    mutating func live(steps: Int) throws {
        for _ in 0..<steps {
            switch Int.random(in: 0..<100, using: &random) {
            case ..<30: try begin()
            case ..<62: try go()
            case ..<77: try takeBack()
            case ..<86: try hotfix()
            case ..<91: try revertByHand()
            case ..<95: try mergeEvilly()
            default: try deleteAndRestore()
            }
        }
    }
}

/// What Sluice does.
extension RandomHistory {
    private mutating func begin() throws {
        count += 1
        let name = "rel\(count)"
        let zones = Self.zones.shuffled(using: &random)
        let cut = Int.random(in: 1...2, using: &random)
        var words: [Place: String] = [:]
        for _ in 0..<Int.random(in: 1...2, using: &random) { words[place()] = name }
        try commit(words, on: name, from: "uat")
        begun.append(
            Begun(
                name: name, source: name, zones: [Array(zones.prefix(cut)), Array(zones.dropFirst(cut))], words: words))
        note("begin", "\(name) \(words.map { "\($0.key.file):\($0.key.line)" })")
    }

    private mutating func go() throws {
        guard let index = begun.indices.filter({ begun[$0].target != .rolledBack }).randomElement(using: &random)
        else { return }
        let targets: [ReleaseTarget] = [.stage("uat"), .stage("production"), .batch(1), .complete, .complete]
        let before = try look(at: begun[index])
        guard let target = random.pick(targets) else { return }
        begun[index].target = target
        let rehearsal = try look(at: begun[index]).rehearsal
        let headsBefore = heads
        let (result, merged) = try drive(begun[index])
        note("go", "\(begun[index].name) to \(target): \(result.reason), merged \(merged)")
        try expectRehearsed(merged, before.promoted == nil ? rehearsal : nil)
        for branch in merged { try expectWords(of: begun[index], on: branch) }
        for (branch, head) in headsBefore where !merged.contains(branch) {
            guard heads[branch] == head || heads[branch] == nil else { throw broken("\(branch) moved unasked") }
        }
    }

    private mutating func takeBack() throws {
        guard let index = begun.indices.randomElement(using: &random) else { return }
        let before = heads
        let had = try look(at: begun[index]).rollback.branches
        begun[index].target = .rolledBack
        let release = begun[index]
        let (result, touched) = try drive(release)
        note("takeBack", "\(release.name): \(result.reason), touched \(touched)")
        for branch in touched {
            try expectForeignWordsKept(release, on: branch, before[branch])
        }
        guard result.reason == "RolledBack" else { return }
        tally["rolled back", default: 0] += 1
        for branch in had.keys { try expectGone(release, on: branch, before[branch]) }
    }

    /// Plans and carries out until there is nothing left to do, as the reconciler does.
    private mutating func drive(_ release: Begun) throws -> (result: (reason: String, message: String), [String]) {
        var touched: [String] = []
        for _ in 0..<40 {
            let seen = try look(at: release)
            let plan = ReleasePlan.decide(seen)
            for action in plan.actions {
                guard case .merge(let merge) = action else { continue }
                try carryOut(merge, seen)
                touched.append(merge.target)
            }
            if plan.result.lookAgain != .zero || plan.actions.isEmpty {
                return ((plan.result.reason, plan.result.message), touched)
            }
        }
        throw broken("\(release.name) never comes to an end")
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
            heads: heads, remembered: [:], pins: nil
        ).read(at: Date(timeIntervalSince1970: 1_739_260_800))
    }

    private func clamped(_ release: Begun) -> ReleaseTarget {
        if case .batch = release.target, release.zones.allSatisfy(\.isEmpty) { return .complete }
        return release.target
    }
}

/// What must hold.
extension RandomHistory {
    /// Nobody was in between: every branch got the tree that was shown before the first merge.
    private func expectRehearsed(_ merged: [String], _ rehearsal: Rehearsal?) throws {
        for branch in merged {
            guard let trial = rehearsal?[branch]?.trial, let head = heads[branch] else { continue }
            guard try self.trial.tree(of: head) == trial.result else {
                throw broken("\(branch) got another tree than the walk's rehearsal showed")
            }
        }
    }

    /// What was merged is there: nothing of a release is lost without a word.
    private func expectWords(of release: Begun, on branch: String) throws {
        guard let head = heads[branch] else { return }
        let lines = try lines(of: head)
        for (place, word) in release.words where lines[place] != word {
            throw broken("\(release.name) was merged into \(branch), and \(place) is \(lines[place] ?? "gone")")
        }
    }

    /// What was taken back is gone.
    private func expectGone(_ release: Begun, on branch: String, _ before: ObjectID?) throws {
        guard let head = heads[branch] else { return }
        for (place, word) in try lines(of: head) where word == release.name {
            throw broken("\(release.name) was taken back, and is on \(branch) at \(place)")
        }
    }

    /// What others wrote stays as it is while a release is taken back.
    private func expectForeignWordsKept(_ release: Begun, on branch: String, _ before: ObjectID?) throws {
        guard let before, let head = heads[branch] else { return }
        let (old, new) = (try lines(of: before), try lines(of: head))
        for (place, word) in old where word != release.name && new[place] != word {
            throw broken(
                "taking \(release.name) back from \(branch) changed \(place) from \(word) to \(new[place] ?? "-")")
        }
    }
}

/// What people do.
extension RandomHistory {
    private mutating func hotfix() throws {
        guard let branch = random.pick(Self.zones + ["production", "uat"]), heads[branch] != nil else { return }
        count += 1
        let place = place()
        try commit([place: "fix\(count)"], on: branch, from: branch)
        handwriting["fix\(count)"] = branch
        touchedByHand.insert(branch)
        note("hotfix", "fix\(count) on \(branch) at \(place)")
    }

    private mutating func revertByHand() throws {
        guard let branch = random.pick(["production", "uat"] + Self.zones), let head = heads[branch] else { return }
        guard let event = random.pick(Array(try BranchHistory(of: head, in: trial).events.prefix(3))),
            case .reverted(let tree) = try trial.revert(event.commit, mainline: 1, on: head)
        else { return }
        heads[branch] = try trial.makeCommit(
            tree: tree, parents: [head], message: "Revert\n\nThis reverts commit \(event.commit).", by: Self.author)
        touchedByHand.insert(branch)
        note("revertByHand", "\(event.release?.release ?? "a merge") on \(branch)")
    }

    private mutating func mergeEvilly() throws {
        guard let zone = random.pick(Self.zones), let head = heads[zone], let source = heads["production"],
            try !trial.isAncestor(source, of: head), let tree = try trial.merge(source, into: head).tree
        else { return }
        count += 1
        let place = place()
        let evil = try changing([place: "evil\(count)"], in: tree)
        heads[zone] = try trial.makeCommit(
            tree: evil, parents: [head, source], message: "Merge branch 'production' into '\(zone)'", by: Self.author)
        handwriting["evil\(count)"] = zone
        touchedByHand.insert(zone)
        note("mergeEvilly", "evil\(count) on \(zone) at \(place)")
    }

    private mutating func deleteAndRestore() throws {
        guard let zone = random.pick(Self.zones), let head = heads[zone] else { return }
        heads[zone] = nil
        touchedByHand.insert(zone)
        note("delete", zone)
        if !begun.isEmpty { try go() }
        heads[zone] = heads[zone] ?? head
    }

    private mutating func place() -> Place {
        Place(
            file: random.pick(Self.files) ?? "Puppetfile", line: Int.random(in: 0..<Self.length, using: &random))
    }

    private mutating func commit(_ words: [Place: String], on branch: String, from base: String) throws {
        guard let parent = heads[branch] ?? heads[base] else { return }
        let tree = try changing(words, in: try trial.tree(of: parent))
        heads[branch] = try trial.makeCommit(tree: tree, parents: [parent], message: "Change", by: Self.author)
    }

    private func changing(_ words: [Place: String], in tree: ObjectID) throws -> ObjectID {
        var content: [String: [UInt8]?] = [:]
        for (file, places) in Dictionary(grouping: words, by: \.key.file) {
            var lines = try text(file, in: tree)
            for (place, word) in places where lines.indices.contains(place.line) { lines[place.line] = word }
            content[file] = Array(lines.joined(separator: "\n").utf8)
        }
        return try trial.makeTree(tree, changing: content)
    }

    func lines(of commit: ObjectID) throws -> [Place: String] {
        let tree = try trial.tree(of: commit)
        var lines: [Place: String] = [:]
        for file in Self.files {
            for (line, word) in try text(file, in: tree).enumerated() { lines[Place(file: file, line: line)] = word }
        }
        return lines
    }

    private func text(_ file: String, in tree: ObjectID) throws -> [String] {
        String(decoding: try trial.file(at: file, inTree: tree) ?? [], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }

    private mutating func note(_ what: String, _ more: String) {
        story.append("\(what) \(more)")
        tally[what, default: 0] += 1
    }

    private func broken(_ what: String) -> Broken { Broken(description: what) }
}
