import GitClient

@testable import ReleasePromotion

/// What must hold.
extension RandomHistory {
    /// Nobody was in between: every branch got the tree that was shown before the first merge.
    func expectRehearsed(_ merged: [String], _ rehearsal: Rehearsal?) throws {
        for branch in merged {
            guard let trial = rehearsal?[branch]?.trial, let head = heads[branch] else { continue }
            guard try self.trial.tree(of: head) == trial.result else {
                throw broken("\(branch) got another tree than the walk's rehearsal showed")
            }
        }
    }

    /// What was merged is there: nothing of a release is lost without a word.
    func expectWords(of release: Begun, on branch: String) throws {
        guard let head = heads[branch] else { return }
        let lines = try lines(of: head)
        for place in release.places where lines[place] != release.word {
            throw broken("\(release.name) was merged into \(branch), and \(place) is \(lines[place] ?? "gone")")
        }
    }

    /// A promotion changes what the release is, and not a line more: what others have committed to its source is its own, another
    /// release is not.
    func expectNothingElse(than release: Begun, on branch: String, _ before: ObjectID?) throws {
        guard let before, let head = heads[branch], let source = heads[release.source] else { return }
        let (old, new, own) = (try lines(of: before), try lines(of: head), try lines(of: source))
        for (place, word) in new where old[place] != word {
            let isOther = begun.contains { $0.word == word && $0.word != release.word }
            guard isOther || own[place] != word else { continue }
            throw broken("\(release.name) was merged into \(branch), and \(place) became \(word)")
        }
    }

    /// What was taken back is gone.
    func expectGone(_ release: Begun, on branch: String) throws {
        guard let head = heads[branch] else { return }
        for (place, word) in try lines(of: head) where word == release.word {
            throw broken("\(release.name) was taken back, and is on \(branch) at \(place)")
        }
    }

    /// Where the release was until it was taken back, there is now what was there before it.
    func expectRestored(_ release: Begun, on branch: String, _ before: ObjectID?) throws {
        guard let before, let head = heads[branch], let covered = release.covered[branch] else { return }
        let (old, new) = (try lines(of: before), try lines(of: head))
        for place in release.places where old[place] == release.word && new[place] != covered[place] {
            throw broken(
                "\(release.name) was taken back from \(branch), and \(place) is \(new[place] ?? "-") and not "
                    + "\(covered[place] ?? "-")")
        }
    }

    /// What others wrote stays as it is while a release is taken back.
    func expectForeignWordsKept(_ release: Begun, on branch: String, _ before: ObjectID?) throws {
        guard let before, let head = heads[branch] else { return }
        let (old, new) = (try lines(of: before), try lines(of: head))
        for (place, word) in old where word != release.word && new[place] != word {
            throw broken(
                "taking \(release.name) back from \(branch) changed \(place) from \(word) to \(new[place] ?? "-")")
        }
    }
}
