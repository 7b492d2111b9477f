import ChildProcess
import Foundation
import GitClient
import TestSupport
import Testing

@testable import PatchSeries

/// The patches of generated pairs, judged by git and by us. `SLUICE_PAIRS` asks for more of them, `SLUICE_SEED` for others:
/// those of a number, or with `random` such as nobody has seen yet.
@Suite("Apply check and git apply --check")
struct AgreementTests {
    @Test("our apply check says what git apply --check says, and gives the tree that git apply gives")
    func agreement() async throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["SLUICE_PAIRS"].flatMap(Int.init) ?? 5_000
        let asked = environment["SLUICE_SEED"]
        let seed = asked == "random" ? UInt64.random(in: 0..<1_000_000) : asked.flatMap(UInt64.init) ?? 1
        print("apply check: \(count) pairs, SLUICE_SEED=\(seed)")
        try await withTemporaryDirectory("agreement") { folder in
            let world = try await PairWorld.make(count: count, seed: seed, in: folder)
            let sections = try await world.patches()
            let target = try await world.tree(of: "target")
            let roots = try await world.roots(of: "target")
            let mirror = try await GitMirror.open(world.path)

            let (judged, tree) = try await mirror.speculate { trial in
                var judged: [PatchApplication] = []
                var changes: [TreeChange] = []
                for section in sections {
                    // The pair's own part of the tree: the whole one has thousands of directories.
                    let source = TreeSource(try ObjectID(roots[section.index]), in: trial)
                    let application = try PatchApplier().apply(try PatchReader().read(section.bytes), to: source)
                    judged.append(application)
                    for change in application.changes {
                        let file = change.file.map { TreeChange.File(mode: $0.mode, content: .bytes($0.bytes)) }
                        changes.append(TreeChange(path: change.path, file: file))
                    }
                }
                return (judged, try trial.makeTree(target, changing: changes))
            }

            let verdicts = try await world.check(sections, on: target)
            var statuses: [PatchStatus: Int] = [:]
            for (section, ours) in zip(sections, judged) {
                statuses[ours.status, default: 0] += 1
                let accepted = verdicts.refused[section.pair] == nil
                #expect(
                    ours.status.applies == accepted,
                    "\(section.pair) (\(world.stories[section.pair] ?? "?")): \(ours), git: \(verdicts.refused[section.pair] ?? "accepts")"
                )
                guard accepted, ours.status.applies else { continue }
                let offsets = ours.files.flatMap { file in
                    file.hunks.enumerated().compactMap { index, hunk -> String? in
                        guard case .fits(let line, let away) = hunk, away != 0 else { return nil }
                        return "#\(index + 1) at \(line) by \(away)"
                    }
                }
                #expect(offsets == verdicts.offsets[section.pair] ?? [], "\(section.pair)")
            }
            let accepted = zip(sections, judged).filter { $0.1.status.applies }.flatMap { $0.0.bytes }
            try await git(["--git-dir", world.path, "apply", "--cached", "--whitespace=nowarn"], input: accepted)
            let written = try await git(["--git-dir", world.path, "write-tree"]).outputText
            #expect(written == "\(tree)\n")
            print("apply check: \(statuses.map { "\($0.key) \($0.value)" }.sorted().joined(separator: ", "))")
            #expect(PatchStatus.allCases.allSatisfy { (statuses[$0] ?? 0) * 50 > count }, "every outcome is met often")
        }
    }
}

/// A repository with three trees: what patches were made from, what they lead to, and what they meet. Each pair has a
/// directory of its own.
struct PairWorld {
    let path: String
    /// What was done to a pair, for people.
    let stories: [String: String]
    private let count: Int

    /// A pair's patch.
    struct Section {
        let index: Int
        let bytes: [UInt8]
        var pair: String { PairWorld.name(index) }
    }

    static func make(count: Int, seed: UInt64, in folder: String) async throws -> PairWorld {
        let path = "\(folder)/pairs.git"
        try await git(["init", "--quiet", "--bare", path])
        var random = SeededGenerator(seed: seed)
        var trees: [[(path: String, file: ScriptedFile)]] = [[], [], []]
        var stories: [String: String] = [:]
        for index in 0..<count {
            let pair = PairWorld.name(index)
            let made = RandomPair.make(using: &random)
            stories[pair] = made.story
            for (number, files) in [made.base, made.changed, made.target].enumerated() {
                // A directory without files would not be there.
                trees[number].append(("\(pair)/keep", .text("")))
                for (name, file) in files.sorted(by: { $0.key < $1.key }) {
                    trees[number].append(("\(pair)/\(name)", file))
                }
            }
        }
        var steps = trees.map { ScriptedHistory.Step("Tree\n", $0) }
        for index in steps.indices { steps[index].parents = [] }
        _ = try await ScriptedHistory(steps: steps).write(to: path)
        return PairWorld(path: path, stories: stories, count: count)
    }

    static func name(_ index: Int) -> String { "p\(String(10_000 + index))" }

    func tree(of name: String) async throws -> ObjectID {
        let number = try #require(["base", "changed", "target"].firstIndex(of: name))
        let text = try await git(["--git-dir", path, "rev-parse", "refs/history/\(number)^{tree}"]).outputText
        return try ObjectID(text.trimmingCharacters(in: .newlines))
    }

    /// The patch of each pair, made by git: a quarter of them with no context, one line and two, the rest as usual.
    func patches() async throws -> [Section] {
        let before = try await roots(of: "base")
        let after = try await roots(of: "changed")
        var sections: [Section] = []
        for context in 0...3 {
            let wanted = (0..<count).filter { [0: 0, 1: 1, 2: 2][$0 % 12] ?? 3 == context }
            let lines = wanted.map { "\(before[$0]) \(after[$0])\n" }.joined()
            let output = try await git(
                [
                    "--git-dir", path, "diff-tree", "--stdin", "-p", "-M", "--binary", "--full-index", "-U\(context)",
                ], input: Array(lines.utf8)
            ).standardOutput
            let names = Dictionary(wanted.map { ("\(before[$0]) \(after[$0])", $0) }) { first, _ in first }
            sections += split(output, names)
        }
        return sections
    }

    /// A tree for each pair that holds its directory alone, so that no file seems to have moved from one to another.
    func roots(of name: String) async throws -> [String] {
        let listed = try await git(["--git-dir", path, "ls-tree", "\(try await tree(of: name))"]).outputText
        let input = listed.split(separator: "\n").map { "\($0)\n\n" }.joined()
        return try await git(["--git-dir", path, "mktree", "--batch"], input: Array(input.utf8)).outputText
            .split(separator: "\n").map(String.init)
    }

    private func split(_ output: [UInt8], _ names: [String: Int]) -> [Section] {
        var sections: [Section] = []
        var pair: Int?
        var bytes: [UInt8] = []
        for line in output.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.count == 81, let name = names[String(decoding: line, as: UTF8.self)] {
                if let pair { sections.append(Section(index: pair, bytes: bytes)) }
                (pair, bytes) = (name, [])
            } else {
                bytes += line + [0x0A]
            }
        }
        // What was split has one line feed too many at its end.
        if let pair { sections.append(Section(index: pair, bytes: bytes.dropLast())) }
        return sections
    }

    /// What git says: why it refuses a pair, and which hunks it found elsewhere.
    func check(
        _ sections: [Section], on target: ObjectID
    ) async throws -> (refused: [String: String], offsets: [String: [String]]) {
        try await git(["--git-dir", path, "read-tree", "\(target)"])
        var refused: [String: String] = [:]
        var offsets: [String: [String]] = [:]
        for start in stride(from: 0, to: sections.count, by: 1000) {
            let batch = sections[start..<min(start + 1000, sections.count)].flatMap(\.bytes)
            let said = try await git(
                ["--git-dir", path, "apply", "--check", "--cached", "-v"], input: batch, succeeding: false)
            var pair = ""
            for line in said.errorText.split(separator: "\n") {
                if line.hasPrefix("Checking patch ") { pair = String(line.dropFirst(15).prefix(6)) }
                if line.hasPrefix("error:") { refused[pair, default: ""] += line }
                // Hunk #1 succeeded at 5 (offset 2 lines).
                let words = line.hasPrefix("Hunk ") ? line.split(separator: " ") : []
                if words.count == 8 { offsets[pair, default: []].append("\(words[1]) at \(words[4]) by \(words[6])") }
            }
        }
        return (refused, offsets)
    }
}

/// What a patch is made from and leads to, and what it meets.
struct RandomPair {
    typealias Files = [String: ScriptedFile]
    var base: Files
    var changed: Files
    var target: Files
    var story: String

    static func make(using random: inout SeededGenerator) -> RandomPair {
        let lines = text(using: &random)
        let edited = edit(lines, times: Int.random(in: 1...3, using: &random), using: &random)
        let kind = Int.random(in: 0..<100, using: &random)
        switch kind {
        case 0..<72: return modification(lines, edited, using: &random)
        case 72..<77: return creation(edited, using: &random)
        case 77..<82: return deletion(lines, using: &random)
        case 82..<88: return renaming(lines, edited, using: &random)
        case 88..<91: return modes(lines, using: &random)
        case 91..<95: return twoFiles(lines, edited, using: &random)
        default: return binary(using: &random)
        }
    }

    private static let words = ["a\n", "b\n", "c\n", "{\n", "}\n", "\n", "  x\n", "end\n"]

    static func text(using random: inout SeededGenerator) -> [String] {
        let count = Int.random(in: 0...45, using: &random)
        var lines = (0..<count).map { index in
            Int.random(in: 0..<3, using: &random) > 0 ? words.randomElement(using: &random) ?? "" : "line \(index)\n"
        }
        if let last = lines.last, Int.random(in: 0..<8, using: &random) == 0, last.count > 1 {
            lines[lines.count - 1] = String(last.dropLast())
        }
        return lines
    }

    static func edit(_ lines: [String], times: Int, using random: inout SeededGenerator) -> [String] {
        var lines = lines
        for _ in 0..<times {
            let place = Int.random(in: 0...lines.count, using: &random)
            let count = min(Int.random(in: 0...3, using: &random), lines.count - place)
            let new = (0..<Int.random(in: count == 0 ? 1...3 : 0...3, using: &random)).map { _ in
                Int.random(in: 0..<2, using: &random) == 0
                    ? words.randomElement(using: &random) ?? "" : "new \(Int.random(in: 0..<99, using: &random))\n"
            }
            lines.replaceSubrange(place..<(place + count), with: new)
        }
        // Only the last line may lack its line feed.
        for index in lines.indices.dropLast() where !lines[index].hasSuffix("\n") { lines[index] += "\n" }
        return lines
    }

    /// What a patch meets of a file, and what was done to it.
    static func meeting(_ old: [String], _ new: [String], using random: inout SeededGenerator) -> ([String], String) {
        switch Int.random(in: 0..<14, using: &random) {
        case 0, 1: return (old, "as it was")
        case 2:
            return (
                edit([], times: 1, using: &random).map { $0.hasSuffix("\n") ? $0 : "\($0)\n" } + old, "lines before"
            )
        case 3: return (Array(old.dropFirst(Int.random(in: 1...3, using: &random))), "lines before gone")
        case 4, 5: return (edit(old, times: 1, using: &random), "one edit")
        case 6: return (edit(old, times: 3, using: &random), "three edits")
        case 7, 8: return (new, "done before")
        case 9: return (edit(new, times: 1, using: &random), "done before, one edit")
        case 10: return (edit(old + ["more\n"], times: 0, using: &random), "lines after")
        case 11:
            guard let last = old.last else { return (old, "empty") }
            return (old.dropLast() + [last.hasSuffix("\n") ? String(last.dropLast()) : "\(last)\n"], "other end")
        case 12: return (old.map { Int.random(in: 0..<9, using: &random) == 0 ? " \($0)" : $0 }, "white space")
        default:
            return (old + old, "twice").0.isEmpty
                ? (old, "empty") : (edit(old + old, times: 0, using: &random), "twice")
        }
    }

    private static func file(_ lines: [String]) -> ScriptedFile { .text(lines.joined()) }

    private static func modification(
        _ old: [String], _ new: [String], using random: inout SeededGenerator
    ) -> RandomPair {
        let (target, story) = meeting(old, new, using: &random)
        var files: Files = ["f": file(target)]
        if Int.random(in: 0..<30, using: &random) == 0 { files = [:] }
        if Int.random(in: 0..<30, using: &random) == 0 { files = ["g": file(target)] }
        if Int.random(in: 0..<30, using: &random) == 0 { files = ["f": .executable(target.joined())] }
        if Int.random(in: 0..<60, using: &random) == 0 { files = ["f": .symbolicLink("keep")] }
        return RandomPair(base: ["f": file(old)], changed: ["f": file(new)], target: files, story: story)
    }

    private static func creation(_ new: [String], using random: inout SeededGenerator) -> RandomPair {
        let there = Int.random(in: 0..<4, using: &random)
        let target: Files = there == 0 ? ["f": file(new)] : there == 1 ? ["f": .text("other\n")] : [:]
        return RandomPair(base: [:], changed: ["f": file(new)], target: target, story: "creation")
    }

    private static func deletion(_ old: [String], using random: inout SeededGenerator) -> RandomPair {
        let (target, story) = meeting(old, [], using: &random)
        let isGone = Int.random(in: 0..<4, using: &random) == 0
        return RandomPair(
            base: ["f": file(old)], changed: [:], target: isGone ? [:] : ["f": file(target)],
            story: "deletion, \(story)")
    }

    private static func renaming(_ old: [String], _ new: [String], using random: inout SeededGenerator) -> RandomPair {
        let (target, story) = meeting(old, new, using: &random)
        let files: [Files] = [
            ["f": file(target)], ["f": file(target)], ["g": file(target)], ["f": file(target), "g": "g\n"], [:],
        ]
        return RandomPair(
            base: ["f": file(old)], changed: ["g": file(new)], target: files.randomElement(using: &random) ?? [:],
            story: "renaming, \(story)")
    }

    private static func modes(_ old: [String], using random: inout SeededGenerator) -> RandomPair {
        let content = old.joined() + "x\n"
        let target: [Files] = [["f": .text(content)], ["f": .executable(content)], ["f": .symbolicLink("x")], [:]]
        return RandomPair(
            base: ["f": .text(content)], changed: ["f": .executable(content)],
            target: target.randomElement(using: &random) ?? [:], story: "mode")
    }

    private static func twoFiles(_ old: [String], _ new: [String], using random: inout SeededGenerator) -> RandomPair {
        let other = text(using: &random)
        let second = edit(other, times: 1, using: &random)
        let first = meeting(old, new, using: &random)
        let next = meeting(other, second, using: &random)
        // Half of them exchange the two files.
        if Int.random(in: 0..<2, using: &random) == 0 {
            return RandomPair(
                base: ["f": file(old), "g": file(other)], changed: ["g": file(new), "f": file(second)],
                target: ["f": file(first.0), "g": file(next.0)], story: "exchange, \(first.1), \(next.1)")
        }
        return RandomPair(
            base: ["f": file(old), "g": file(other)], changed: ["f": file(new), "g": file(second)],
            target: ["f": file(first.0), "g": file(next.0)], story: "two files, \(first.1), \(next.1)")
    }

    private static func binary(using random: inout SeededGenerator) -> RandomPair {
        func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) } + [0] }
        let old = bytes(Int.random(in: 0..<600, using: &random))
        var new = old
        new.insert(contentsOf: bytes(3), at: new.count / 2)
        let other = bytes(20)
        let targets: [Files] = [["f": .bytes(old)], ["f": .bytes(old)], ["f": .bytes(new)], ["f": .bytes(other)], [:]]
        let target = targets.randomElement(using: &random) ?? [:]
        switch Int.random(in: 0..<4, using: &random) {
        case 0: return RandomPair(base: [:], changed: ["f": .bytes(new)], target: target, story: "binary creation")
        case 1: return RandomPair(base: ["f": .bytes(old)], changed: [:], target: target, story: "binary deletion")
        default:
            return RandomPair(
                base: ["f": .bytes(old)], changed: ["f": .bytes(new)], target: target, story: "binary")
        }
    }
}
