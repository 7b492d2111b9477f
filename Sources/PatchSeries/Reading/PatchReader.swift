import Diagnostics

/// Reads patches: the form that `git diff` writes, with what it says of renames, modes and binary files, and that of
/// `diff -u`. What stands before, between and after the differences (a mail, statistics) is passed over, as git does.
///
/// Reading never fails because of what a patch would do, only because of what it is; limits are kept throughout.
public struct PatchReader: Sendable {
    let limits: PatchLimits

    /// Makes a reader.
    public init(limits: PatchLimits = PatchLimits()) { self.limits = limits }

    /// Reads a patch.
    /// - Parameter file: What the patch is called in messages.
    /// - Throws: `patch.corrupt` with the line; `patch.path-invalid` when a name leads elsewhere or is no UTF-8;
    ///   `patch.too-large`.
    public func read(_ bytes: [UInt8], file: String? = nil) throws -> Patch {
        guard bytes.count <= limits.bytes else { throw tooLarge("\(limits.bytes) bytes") }
        var text = PatchText(bytes)
        var files: [FilePatch] = []
        var hunks = 0
        while text.current != nil {
            guard var one = try header(&text, file: file) else {
                text.advance()
                continue
            }
            try body(of: &one, &text, file: file)
            hunks += one.hunks.count
            files.append(one)
            guard files.count <= limits.files else { throw tooLarge("\(limits.files) files") }
            guard hunks <= limits.hunks else { throw tooLarge("\(limits.hunks) hunks") }
        }
        return Patch(files: files)
    }

    /// What is said of the next file before its lines; nil when none begins here.
    private func header(_ text: inout PatchText, file: String?) throws -> FilePatch? {
        if text.rest(after: "diff --git ") != nil {
            var reader = GitHeader(text: text, file: file)
            let header = try reader.read()
            text = reader.text
            return header
        }
        guard text.rest(after: "--- ") != nil, text.following?.rest(after: "+++ ") != nil else { return nil }
        var ahead = text
        ahead.advance()
        ahead.advance()
        guard ahead.rest(after: "@@ -") != nil else { return nil }
        let header = try PlainHeader(text: text, file: file).read()
        text = ahead
        return header
    }

    private func body(of one: inout FilePatch, _ text: inout PatchText, file: String?) throws {
        while text.rest(after: "@@ -") != nil {
            one.hunks.append(try HunkReader(file: file).read(&text))
            guard one.hunks.count <= limits.hunks else { throw tooLarge("\(limits.hunks) hunks") }
        }
        if text.current?.withoutLineFeed.elementsEqual("GIT binary patch".utf8) == true {
            text.advance()
            let reader = BinaryReader(limit: limits.fileSize, file: file)
            guard let forward = try reader.read(&text) else {
                throw text.corrupt("a binary file has no content", file: file)
            }
            one.binary = forward
            // The way back; what is taken back is recognised by its id.
            _ = try reader.read(&text)
        } else if text.rest(after: "Binary files ")?.ends(with: " differ") == true {
            one.lacksBinary = true
            text.advance()
        }
    }

    private func tooLarge(_ limit: String) -> SluiceError {
        SluiceError("patch.too-large", .stalled, "the patch has more than \(limit)")
    }
}

extension ArraySlice<UInt8> {
    fileprivate func ends(with text: String) -> Bool { suffix(text.utf8.count).elementsEqual(text.utf8) }
}
