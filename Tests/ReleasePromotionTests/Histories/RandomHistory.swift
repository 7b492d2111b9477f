import DesiredState
import Foundation
import GitClient
import Reconciliation
import TestSupport

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
        /// What it writes; nothing else in the repository is that word.
        let word: String
        /// Where it writes it.
        let places: Set<Place>
        var target: ReleaseTarget = .draft
        /// What stood there on each branch before it came.
        var covered: [String: [Place: String]] = [:]
        /// What the controller said of it last.
        var status: ReleaseStatus?
    }

    struct Place: Hashable, Sendable {
        let file: String
        let line: Int
    }

    static let files = ["Puppetfile", "data/common.yaml"]
    static let length = 16
    static let zones = ["zone01", "zone02", "zone03"]
    static let author = GitSignature(
        name: "ctl", email: "ctl@example.invalid", date: Date(timeIntervalSince1970: 1_739_260_800))

    let trial: Speculation
    var random: SeededGenerator
    var heads: [String: ObjectID] = [:]
    var begun: [Begun] = []
    var count = 0
    let rules: ControlRepositorySpec
    /// What was done, to be done again elsewhere.
    var deeds: [Deed] = []
    /// What happened, for whoever looks for the cause.
    var story: [String] = []
    /// Where people wrote by hand, by what they wrote.
    var handwriting: [String: String] = [:]
    /// Branches on which people did anything by hand.
    var touchedByHand: Set<String> = []
    /// Releases whose rollback was begun and waits for something.
    var halfTakenBack: Set<String> = []
    /// How often each thing happened.
    var tally: [String: Int] = [:]

    init(_ trial: Speculation, root: ObjectID, seed: UInt64) throws {
        self.trial = trial
        random = SeededGenerator(seed: seed)
        rules = ControlRepositorySpec(
            forge: "f", project: "p", stages: ["uat", "production"], zones: ZoneSelection(patterns: ["zone*"]),
            rollback: random.chance(75) ? .sharedRevert : .revertAndSync)
        let tree = try trial.makeTree(try trial.tree(of: root), changing: Self.content)
        let first = try trial.makeCommit(tree: tree, parents: [root], message: "Begin", by: Self.author)
        for branch in rules.stages + Self.zones { heads[branch] = first }
    }

    /// What the files hold in the beginning.
    static var content: [String: [UInt8]?] {
        Dictionary(
            uniqueKeysWithValues: files.map { file in
                (file, Array(((0..<length).map { "\(file) \($0)" }).joined(separator: "\n").utf8))
            })
    }

    /// Lives through some steps.
    mutating func live(steps: Int) throws {
        for _ in 0..<steps {
            switch Int.random(in: 0..<100, using: &random) {
            case ..<28: try begin()
            case ..<60: try go()
            case ..<75: try takeBack()
            case ..<83: try hotfix()
            case ..<88: try revertByHand()
            case ..<92: try mergeEvilly()
            case ..<95: try setBack()
            case ..<97: try useNameAgain()
            default: try deleteAndRestore()
            }
        }
    }
}

extension RandomHistory {
    /// Something that was done to the repository, and how the branches stood after it.
    struct Deed: Sendable {
        enum Kind: Sendable {
            /// Somebody writes words on a branch; one that is not there is made where another stands.
            case write([Place: String], on: String, from: String)
            /// Somebody reverts one of the newest merges of a branch.
            case revert(on: String, event: Int)
            /// Somebody merges a branch into another and writes words while at it.
            case mergeEvilly(String, into: String, [Place: String])
            /// Somebody sets a branch back by one commit.
            case setBack(String)
            /// Somebody deletes a branch.
            case delete(String)
            /// Somebody restores it.
            case restore(String)
            /// A release is taken out of what is desired.
            case forget(String)
            /// A release is wanted somewhere; then it stands as the reason says.
            case want(ReleaseSpec, named: String, reason: String)
        }

        let kind: Kind
        /// The trees of the branches that last.
        let trees: [String: ObjectID]
    }

    /// What is left of a history when its repository is gone.
    struct Lived: Sendable {
        let deeds: [Deed]
        let rollback: RollbackStyle
        let story: [String]
    }

    var lived: Lived { Lived(deeds: deeds, rollback: rules.rollback, story: story) }

    /// Notes a deed, with what came of it.
    mutating func did(_ kind: Deed.Kind) throws {
        let lasting = rules.stages + Self.zones
        deeds.append(
            Deed(kind: kind, trees: try heads.filter { lasting.contains($0.key) }.mapValues { try trial.tree(of: $0) }))
    }
}
