import DesiredState
import GitClient
import TestSupport

@testable import ReleasePromotion

/// What people do.
extension RandomHistory {
    mutating func hotfix() throws {
        guard let branch = random.pick(Self.zones + ["production", "uat"]), heads[branch] != nil else { return }
        count += 1
        let place = place()
        try commit([place: "fix\(count)"], on: branch, from: branch)
        handwriting["fix\(count)"] = branch
        touchedByHand.insert(branch)
        note("hotfix", "fix\(count) on \(branch) at \(place)")
    }

    mutating func revertByHand() throws {
        guard let branch = random.pick(["production", "uat"] + Self.zones), let head = heads[branch] else { return }
        let events = Array(try BranchHistory(of: head, in: trial).events.prefix(3))
        guard let index = events.indices.randomElement(using: &random), case let event = events[index],
            case .reverted(let tree) = try trial.revert(event.commit, mainline: 1, on: head)
        else { return }
        heads[branch] = try trial.makeCommit(
            tree: tree, parents: [head], message: "Revert\n\nThis reverts commit \(event.commit).", by: Self.author)
        touchedByHand.insert(branch)
        try did(.revert(on: branch, event: index))
        note("revertByHand", "\(event.release?.release ?? "a merge") on \(branch)")
    }

    mutating func mergeEvilly() throws {
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
        try did(.mergeEvilly("production", into: zone, [place: "evil\(count)"]))
        note("mergeEvilly", "evil\(count) on \(zone) at \(place)")
    }

    mutating func deleteAndRestore() throws {
        guard let zone = random.pick(Self.zones), let head = heads[zone] else { return }
        heads[zone] = nil
        touchedByHand.insert(zone)
        try did(.delete(zone))
        note("delete", zone)
        if !begun.isEmpty { try go() }
        guard heads[zone] == nil else { return }
        heads[zone] = head
        try did(.restore(zone))
    }

    mutating func setBack() throws {
        guard let branch = random.pick(rules.stages + Self.zones), let head = heads[branch],
            let parent = try trial.commit(head).parents.first, try !trial.commit(parent).parents.isEmpty
        else { return }
        heads[branch] = parent
        touchedByHand.insert(branch)
        try did(.setBack(branch))
        note("setBack", branch)
    }

    mutating func useNameAgain() throws {
        guard let index = begun.indices.randomElement(using: &random) else { return }
        let name = begun.remove(at: index).name
        heads[name] = nil
        try did(.forget(name))
        note("useNameAgain", name)
        try begin(name)
    }

    mutating func place() -> Place {
        Place(
            file: random.pick(Self.files) ?? "Puppetfile", line: Int.random(in: 0..<Self.length, using: &random))
    }

    mutating func commit(_ words: [Place: String], on branch: String, from base: String) throws {
        guard let parent = heads[branch] ?? heads[base] else { return }
        let tree = try changing(words, in: try trial.tree(of: parent))
        heads[branch] = try trial.makeCommit(tree: tree, parents: [parent], message: "Change", by: Self.author)
        try did(.write(words, on: branch, from: base))
    }

    func changing(_ words: [Place: String], in tree: ObjectID) throws -> ObjectID {
        try trial.makeTree(tree, changing: try Self.content(words) { try text($0, in: tree) })
    }

    /// The files with words written into them.
    static func content(_ words: [Place: String], of text: (String) throws -> [String]) rethrows -> [String: [UInt8]?] {
        var content: [String: [UInt8]?] = [:]
        for (file, places) in Dictionary(grouping: words, by: \.key.file) {
            var lines = try text(file)
            for (place, word) in places where lines.indices.contains(place.line) { lines[place.line] = word }
            content[file] = Array(lines.joined(separator: "\n").utf8)
        }
        return content
    }

    func lines(of commit: ObjectID) throws -> [Place: String] {
        let tree = try trial.tree(of: commit)
        var lines: [Place: String] = [:]
        for file in Self.files {
            for (line, word) in try text(file, in: tree).enumerated() { lines[Place(file: file, line: line)] = word }
        }
        return lines
    }

    func text(_ file: String, in tree: ObjectID) throws -> [String] {
        Self.lines(try trial.file(at: file, inTree: tree) ?? [])
    }

    mutating func note(_ what: String, _ more: String) {
        story.append("\(what) \(more)")
        tally[what, default: 0] += 1
    }

    func broken(_ what: String) -> Broken { Broken(description: what) }

    static func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
