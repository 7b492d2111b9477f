import CLibgit2
import Diagnostics

/// Reads what a merge left undecided.
struct ConflictReader {
    let repository: OpaquePointer

    /// The most conflicts and hunks that are told, and the most bytes of one side of a hunk.
    private static let conflictLimit = 200
    private static let hunkLimit = 20
    private static let sideLimit = 2000
    /// The most bytes of a file whose lines are shown.
    private static let textLimit = 1 << 20
    /// As long as no line of a text begins with.
    private static let markerSize = 60

    func read(_ index: OpaquePointer) throws -> [MergeConflict] {
        try Libgit2.with(
            "reading conflicts", make: { git_index_conflict_iterator_new(&$0, index) },
            free: git_index_conflict_iterator_free
        ) { iterator in
            var conflicts: [MergeConflict] = []
            while conflicts.count < Self.conflictLimit {
                var base: UnsafePointer<git_index_entry>?
                var ours: UnsafePointer<git_index_entry>?
                var theirs: UnsafePointer<git_index_entry>?
                let status = git_index_conflict_next(&base, &ours, &theirs, iterator)
                if status == GIT_ITEROVER.rawValue { break }
                try Libgit2.check(status, "reading conflicts")
                conflicts.append(try conflict(base, ours, theirs))
            }
            return conflicts.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        }
    }

    private typealias Entry = UnsafePointer<git_index_entry>

    private func conflict(_ base: Entry?, _ ours: Entry?, _ theirs: Entry?) throws -> MergeConflict {
        let path = (ours ?? theirs ?? base)?.pointee.path.map { String(cString: $0) } ?? ""
        let sides = [base, ours, theirs].map { $0.flatMap(Self.side) }
        return MergeConflict(
            path: path, base: sides[0], ours: sides[1], theirs: sides[2],
            hunks: try hunks(base, ours, theirs, sides.compactMap(\.self)))
    }

    private static func side(_ entry: Entry) -> MergeConflict.Side? {
        guard let id = ObjectID(entry.pointee.id) else { return nil }
        let mode: GitFileMode =
            switch entry.pointee.mode {
            case GIT_FILEMODE_BLOB_EXECUTABLE.rawValue: .executable
            case GIT_FILEMODE_LINK.rawValue: .symbolicLink
            case GIT_FILEMODE_COMMIT.rawValue: .gitlink
            default: .regular
            }
        return MergeConflict.Side(id: id, mode: mode)
    }

    /// The lines that both sides of a text changed.
    private func hunks(
        _ base: Entry?, _ ours: Entry?, _ theirs: Entry?, _ sides: [MergeConflict.Side]
    ) throws -> [MergeConflict.Hunk] {
        guard ours != nil, theirs != nil, sides.allSatisfy({ [.regular, .executable].contains($0.mode) }),
            try sides.allSatisfy({ try Libgit2.size(of: $0.id, in: repository) <= Self.textLimit })
        else { return [] }
        var options = git_merge_file_options()
        try Libgit2.check(
            git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION)), "preparing a merge")
        options.flags = GIT_MERGE_FILE_STYLE_DIFF3.rawValue
        options.marker_size = UInt16(Self.markerSize)
        var result = git_merge_file_result()
        defer { git_merge_file_result_free(&result) }
        // What is no text has no lines to show; that it is in conflict is told already.
        guard git_merge_file_from_index(&result, repository, base, ours, theirs, &options) == 0, let start = result.ptr
        else { return [] }
        return Self.hunks(in: UnsafeRawBufferPointer(start: start, count: result.len))
    }

    static func hunks(in content: UnsafeRawBufferPointer) -> [MergeConflict.Hunk] {
        var hunks: [MergeConflict.Hunk] = []
        var parts: [[UInt8]] = []
        for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            switch marker(line) {
            case UInt8(ascii: "<"): parts = [[]]
            case UInt8(ascii: "|") where parts.count == 1: parts.append([])
            case UInt8(ascii: "=") where !parts.isEmpty:
                // Without a base both sides were added: there are no lines between.
                if parts.count == 1 { parts.append([]) }
                parts.append([])
            case UInt8(ascii: ">") where parts.count == 3:
                hunks.append(.init(ours: text(parts[0]), base: text(parts[1]), theirs: text(parts[2])))
                guard hunks.count < hunkLimit else { return hunks }
                parts = []
            default:
                guard !parts.isEmpty, parts[parts.count - 1].count < sideLimit else { continue }
                parts[parts.count - 1] += Array(line) + [UInt8(ascii: "\n")]
            }
        }
        return hunks
    }

    private static func marker(_ line: Slice<UnsafeRawBufferPointer>) -> UInt8? {
        guard line.count >= markerSize, let first = line.first, line.prefix(markerSize).allSatisfy({ $0 == first })
        else { return nil }
        return first
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(sideLimit), as: UTF8.self).trimmingSuffix { $0.isNewline }
    }
}

extension String {
    fileprivate func trimmingSuffix(while isDropped: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, isDropped(last) { text.removeLast() }
        return String(text)
    }
}
