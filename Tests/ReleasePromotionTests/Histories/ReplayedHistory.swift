import DesiredState
import GitClient
import Reconciliation
import StateStore
import Testing

@testable import ReleasePromotion

/// A random history that is lived through again by the controller: a store, a worker, a code host with real git.
///
/// In memory the plan was carried out by the test's own hand. Here ``ReleaseReconciler`` does it, and every branch must hold
/// the same tree after every deed.
struct ReplayedHistory {
    let world: ReleaseWorld
    /// Where deleted branches stood.
    private var deleted: [String: ObjectID] = [:]

    /// Sets every branch to what the history in memory began with.
    init(_ world: ReleaseWorld) async throws {
        self.world = world
        let root = try await world.head("uat")
        let tree = try await world.mirror.makeTree(
            try await world.mirror.commit(root).tree, changing: RandomHistory.content)
        let first = try await world.mirror.makeCommit(
            tree: tree, parents: [root], message: "Begin", by: RandomHistory.author)
        for branch in world.rules.stages + RandomHistory.zones { try await world.force(branch, to: first) }
    }

    /// Does it again, and compares.
    mutating func follow(_ deed: RandomHistory.Deed) async throws {
        try await carryOut(deed.kind)
        for branch in world.rules.stages + RandomHistory.zones {
            let head = try await world.mirror.resolve(try .branch(branch))
            let tree: ObjectID? = if let head { try await world.mirror.commit(head).tree } else { nil }
            guard tree == deed.trees[branch] else {
                throw RandomHistory.Broken(
                    description: "after \(deed.kind) \(branch) holds another tree than in memory")
            }
        }
        let strays = try await world.strays()
        guard strays.isEmpty else { throw RandomHistory.Broken(description: "\(deed.kind) left \(strays)") }
    }

    private mutating func carryOut(_ kind: RandomHistory.Deed.Kind) async throws {
        switch kind {
        case .write(let words, let branch, let base):
            let old = try await world.mirror.resolve(try .branch(branch))
            let parent: ObjectID = if let old { old } else { try await world.head(base) }
            try await commit(try await content(words, at: parent), on: branch, from: base)
        case .revert(let branch, let index):
            let head = try await world.head(branch)
            let event = try await world.mirror.speculate { try BranchHistory(of: head, in: $0).events[index] }
            let files = try await world.mirror.speculate { trial in
                guard case .reverted(let tree) = try trial.revert(event.commit, mainline: 1, on: head) else {
                    throw RandomHistory.Broken(description: "the revert conflicts here")
                }
                return try RandomHistory.files.map { ($0, try trial.file(at: $0, inTree: tree)) }
            }
            try await commit(
                Dictionary(uniqueKeysWithValues: files), on: branch,
                message: "Revert\n\nThis reverts commit \(event.commit).")
        case .mergeEvilly(let source, let target, let words):
            let commit = try await world.head(source)
            let (ours, theirs) = (try await world.head(target), commit)
            let merged = try await world.mirror.speculate { trial in
                let tree = try #require(try trial.merge(theirs, into: ours).tree)
                return try RandomHistory.files.map { ($0, try trial.file(at: $0, inTree: tree) ?? []) }
            }
            let texts = Dictionary(uniqueKeysWithValues: merged)
            let evil = RandomHistory.content(words) { RandomHistory.lines(texts[$0] ?? []) }
            let tree = try await world.mirror.makeTree(
                try await world.tree(target), changing: texts.mapValues { $0 as [UInt8]? }.merging(evil) { $1 })
            try await world.merge(commit, into: target, tree: tree)
        case .setBack(let branch):
            let head = try await world.mirror.commit(try await world.head(branch))
            try await world.force(branch, to: try #require(head.parents.first))
        case .delete(let branch):
            deleted[branch] = try await world.head(branch)
            try await world.delete(branch)
        case .restore(let branch):
            try await world.force(branch, to: try #require(deleted[branch]))
        case .forget(let name):
            try await world.forget(name)
            if try await world.mirror.resolve(try .branch(name)) != nil { try await world.delete(name) }
        case .want(let spec, let name, let reason):
            let status = try await world.want(name, spec)
            let found = try await standing(of: name)
            guard found == [reason] else {
                let said = try await world.message(name)
                throw RandomHistory.Broken(
                    description: "\(name) to \(spec.target) stands as \(found) (\(said)), in memory as \(reason)")
            }
            guard status.begun == nil else { throw RandomHistory.Broken(description: "\(name) has loose ends") }
        }
    }

    /// Why a release does not go on, or is where it should be.
    private func standing(of name: String) async throws -> [String] {
        [try await world.stall(name), try await world.reason(name)].compactMap(\.self)
    }

    private func content(
        _ words: [RandomHistory.Place: String], at commit: ObjectID
    ) async throws -> [String: [UInt8]?] {
        let files = try await world.mirror.files(in: commit, under: RandomHistory.files)
        let texts = Dictionary(uniqueKeysWithValues: files.map { ($0.path, $0.bytes) })
        return RandomHistory.content(words) { RandomHistory.lines(texts[$0] ?? []) }
    }

    private func commit(
        _ content: [String: [UInt8]?], on branch: String, from base: String? = nil, message: String = "Change"
    ) async throws {
        let files = content.mapValues { $0.map { String(decoding: $0, as: UTF8.self) } }
        try await world.commit(files, on: branch, from: base, message: message)
    }
}
