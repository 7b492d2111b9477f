import Diagnostics
import GitClient

/// Reads what git says of a file before its lines: from `diff --git` to the first hunk.
struct GitHeader {
    var text: PatchText
    let file: String?
    private var header = FilePatch()
    private var oldName: String?
    private var newName: String?

    init(text: PatchText, file: String?) {
        self.text = text
        self.file = file
    }

    mutating func read() throws -> FilePatch {
        header.line = text.line
        let names = text.rest(after: "diff --git ") ?? []
        text.advance()
        while try readLine() { text.advance() }
        if oldName == nil && newName == nil || header.change == .modified && (oldName == nil || newName == nil) {
            let common = try PatchPath(file: file, line: header.line).common(names)
            oldName = oldName ?? common
            newName = newName ?? common
        }
        guard let old = oldName ?? newName, let new = newName ?? oldName else {
            throw text.corrupt("its header names no file", file: file)
        }
        header.oldPath = old
        header.newPath = new
        return header
    }

    /// Reads one line; false when the header is over.
    private mutating func readLine() throws -> Bool {
        let path = PatchPath(file: file, line: text.line)
        if let rest = text.rest(after: "--- ") {
            guard text.following?.rest(after: "+++ ") != nil else { return false }
            if let name = try path.prefixed(rest) { oldName = name }
        } else if let rest = text.rest(after: "+++ ") {
            if let name = try path.prefixed(rest) { newName = name }
        } else if let rest = text.rest(after: "old mode ") {
            header.oldMode = try mode(rest)
        } else if let rest = text.rest(after: "new mode ") {
            header.newMode = try mode(rest)
        } else if let rest = text.rest(after: "deleted file mode ") {
            header.change = .deleted
            header.oldMode = try mode(rest)
        } else if let rest = text.rest(after: "new file mode ") {
            header.change = .created
            header.newMode = try mode(rest)
        } else if let rest = text.rest(after: "rename from ") ?? text.rest(after: "rename old ") {
            header.change = .renamed
            oldName = try path.plain(rest)
        } else if let rest = text.rest(after: "rename to ") ?? text.rest(after: "rename new ") {
            header.change = .renamed
            newName = try path.plain(rest)
        } else if let rest = text.rest(after: "copy from ") {
            header.change = .copied
            oldName = try path.plain(rest)
        } else if let rest = text.rest(after: "copy to ") {
            header.change = .copied
            newName = try path.plain(rest)
        } else if let rest = text.rest(after: "index ") {
            try readIndex(rest)
        } else {
            return text.rest(after: "similarity index ") != nil || text.rest(after: "dissimilarity index ") != nil
        }
        return true
    }

    /// `<old id>..<new id>`, and the mode when both have the same.
    private mutating func readIndex(_ rest: ArraySlice<UInt8>) throws {
        let words = String(decoding: rest, as: UTF8.self).words(at: " ", maxSplits: 1)
        let ids = (words.first ?? "").parts(at: ".")
        guard ids.count == 3, ids[1].isEmpty, ids[0].allSatisfy(\.isHexDigit), ids[2].allSatisfy(\.isHexDigit),
            (4...64).contains(ids[0].utf8.count), (4...64).contains(ids[2].utf8.count)
        else { throw text.corrupt("a line that begins with index has no two ids", file: file) }
        header.oldID = String(ids[0])
        header.newID = String(ids[2])
        if words.count > 1, header.oldMode == nil { header.oldMode = try mode(ArraySlice(words[1].utf8)) }
    }

    private func mode(_ digits: ArraySlice<UInt8>) throws -> GitFileMode {
        switch String(decoding: digits, as: UTF8.self) {
        case "100644", "100664": .regular
        case "100755": .executable
        case "120000": .symbolicLink
        case "160000": .gitlink
        default: throw text.corrupt("it names a kind of file that git does not have", file: file)
        }
    }
}

/// Reads the two lines that `diff -u` begins a file with.
struct PlainHeader {
    let text: PatchText
    let file: String?

    func read() throws -> FilePatch {
        var header = FilePatch()
        header.line = text.line
        let path = PatchPath(file: file, line: text.line)
        let (before, after) = (text.rest(after: "--- ") ?? [], text.following?.rest(after: "+++ ") ?? [])
        let (old, new) = (try path.prefixed(before), try path.prefixed(after))
        guard let name = new ?? old else { throw text.corrupt("its header names no file", file: file) }
        header.oldPath = old ?? name
        header.newPath = new ?? name
        if old == nil || isEpoch(before) { header.change = .created }
        if new == nil || isEpoch(after) { header.change = .deleted }
        if header.change == .modified { header.oldPath = name }
        return header
    }

    /// Whether the time behind the name is the one that `diff -N` gives to a file that is not there.
    private func isEpoch(_ name: ArraySlice<UInt8>) -> Bool {
        guard let tab = name.firstIndex(of: 0x09) else { return false }
        let time = String(decoding: name[name.index(after: tab)...], as: UTF8.self)
        return (time.begins(with: "1970-01-01 ") || time.begins(with: "1969-12-31 ")) && time.holds(":00:00")
    }
}
