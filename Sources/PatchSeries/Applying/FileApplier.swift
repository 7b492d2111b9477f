import GitClient

/// Applies what a patch says of one file.
struct FileApplier {
    let file: FilePatch
    let limits: PatchLimits

    func apply(
        to overlay: inout FileOverlay<some FileSource>, seekingWith budget: inout SearchBudget
    ) throws -> FileOutcome {
        switch file.change {
        case .created: return try create(in: &overlay, seekingWith: &budget)
        case .modified, .deleted, .renamed, .copied: return try change(in: &overlay, seekingWith: &budget)
        }
    }

    private func create(
        in overlay: inout FileOverlay<some FileSource>, seekingWith budget: inout SearchBudget
    ) throws -> FileOutcome {
        let content: [UInt8]
        let nothing = PatchedFile(mode: file.newMode ?? .regular, bytes: [])
        switch self.content(from: nothing, seekingWith: &budget) {
        case .refused(let outcome): return outcome
        case .made(let bytes, _): content = bytes
        }
        let made = PatchedFile(mode: file.newMode ?? .regular, bytes: content)
        if let standing = try overlay.obstacle(at: file.newPath) {
            return standing == made ? FileOutcome(file.path, .alreadyApplied) : FileOutcome(file.path, .exists)
        }
        guard try !overlay.source.isDirectory(file.newPath) else { return FileOutcome(file.path, .otherKind) }
        overlay.put(made, at: file.newPath)
        return FileOutcome(file.path, .clean)
    }

    private func change(
        in overlay: inout FileOverlay<some FileSource>, seekingWith budget: inout SearchBudget
    ) throws -> FileOutcome {
        let moves = file.change == .renamed || file.change == .copied
        guard let before = try overlay.before(file) else { return try missing(in: overlay) }
        if let old = file.oldMode, old.isOrdinary != before.mode.isOrdinary || !old.isOrdinary && old != before.mode {
            return FileOutcome(file.path, .otherKind)
        }
        if moves, let standing = try overlay.obstacle(at: file.newPath) {
            return isResult(standing) && file.change == .copied
                ? FileOutcome(file.path, .alreadyApplied) : FileOutcome(file.path, .exists)
        }
        switch content(from: before, seekingWith: &budget) {
        case .refused(let outcome): return outcome
        case .made(let bytes, let outcome):
            if file.change == .deleted {
                guard bytes.isEmpty else { return FileOutcome(file.path, .leftovers, hunks: outcome.hunks) }
                overlay.put(nil, at: file.oldPath)
                return outcome
            }
            if file.change == .renamed { overlay.put(nil, at: file.oldPath) }
            overlay.put(PatchedFile(mode: file.newMode ?? before.mode, bytes: bytes), at: file.newPath)
            return outcome
        }
    }

    /// There is no file to change: it went as the patch wants it, or it is somewhere else.
    private func missing(in overlay: FileOverlay<some FileSource>) throws -> FileOutcome {
        if overlay.isGone(file.oldPath) { return FileOutcome(file.path, .gone) }
        if file.change == .deleted { return FileOutcome(file.path, .alreadyApplied) }
        if file.change == .renamed, let standing = try overlay.source.file(at: file.newPath), isResult(standing) {
            return FileOutcome(file.path, .alreadyApplied)
        }
        let places = try overlay.source.likelyPlaces(of: file.oldPath, content: file.oldID)
        let moved = try places.first { place in
            // What it does not fit there is not told.
            var budget = SearchBudget.none
            guard let found = try overlay.source.file(at: place),
                case .made = content(from: found, seekingWith: &budget)
            else { return false }
            return true
        }
        return FileOutcome(file.path, .missing(movedTo: moved))
    }

    /// Whether a file looks as the patch leaves it.
    private func isResult(_ standing: PatchedFile) -> Bool {
        if let mode = file.newMode, mode != standing.mode { return false }
        if file.binary != nil || file.hunks.isEmpty {
            guard let id = file.newID ?? file.oldID else { return true }
            return (try? ObjectID(ofBlob: standing.bytes))?.hex == id
        }
        return HunkApplier(hunks: file.hunks.map(\.reversed)).apply(to: standing.bytes).result != nil
    }

    private enum Content {
        case made([UInt8], FileOutcome)
        case refused(FileOutcome)
    }

    /// The content that the file gets.
    private func content(from before: PatchedFile, seekingWith budget: inout SearchBudget) -> Content {
        if file.lacksBinary { return .refused(FileOutcome(file.path, .binaryMissing)) }
        if let binary = file.binary { return content(of: binary, from: before) }
        guard !file.hunks.isEmpty else { return .made(before.bytes, FileOutcome(file.path, .clean)) }
        let applied = HunkApplier(hunks: file.hunks).apply(to: before.bytes, seekingWith: &budget)
        if let result = applied.result {
            let isAway = applied.outcomes.contains { if case .fits(_, by: let away) = $0 { away != 0 } else { false } }
            return .made(result, FileOutcome(file.path, isAway ? .offset : .clean, hunks: applied.outcomes))
        }
        let done = applied.outcomes.filter { if case .alreadyApplied = $0 { true } else { false } }.count
        if done == applied.outcomes.count {
            return .refused(FileOutcome(file.path, .alreadyApplied, hunks: applied.outcomes))
        }
        let fails = applied.outcomes.contains { if case .conflict = $0 { true } else { false } }
        return .refused(FileOutcome(file.path, fails ? .hunks : .partlyApplied, hunks: applied.outcomes))
    }

    private func content(of binary: BinaryChange, from before: PatchedFile) -> Content {
        guard let old = file.oldID, let new = file.newID, old.utf8.count == 40, new.utf8.count == 40 else {
            return .refused(FileOutcome(file.path, .binaryMissing))
        }
        let standing = before.bytes.isEmpty && file.change == .created ? nil : try? ObjectID(ofBlob: before.bytes)
        if let standing, standing.hex != old {
            let isDone = standing.hex == new
            return .refused(isDone ? FileOutcome(file.path, .alreadyApplied) : FileOutcome(file.path, .binaryMismatch))
        }
        if new.allSatisfy({ $0 == "0" }) { return .made([], FileOutcome(file.path, .clean)) }
        guard let bytes = binary.content(from: before.bytes, limit: limits.fileSize),
            (try? ObjectID(ofBlob: bytes))?.hex == new
        else { return .refused(FileOutcome(file.path, .binaryMismatch)) }
        return .made(bytes, FileOutcome(file.path, .clean))
    }
}

extension GitFileMode {
    /// Whether it is a file with lines, executable or not.
    fileprivate var isOrdinary: Bool { self == .regular || self == .executable }
}
