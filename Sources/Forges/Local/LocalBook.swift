import Diagnostics
import Foundation
import GitClient

/// The JSON documents that a local forge keeps in notes of `refs/notes/sluice`.
///
/// A note stands on an object id. That of a document is the id that git would give its name as a file; the document of a
/// commit is a note on the commit itself. A document that cannot be read is an error and never an empty one.
struct LocalBook {
    static let notesName = "refs/notes/sluice"

    let repository: GitMirror
    let author: GitSignature

    /// The document of a name, as it stands; nil when there is none.
    func read<Document: Decodable>(_ type: Document.Type, at place: ObjectID) async throws -> Document? {
        try Self.decode(type, try await repository.note(on: place, in: try RefName(Self.notesName)))
    }

    /// Changes a document in one step, as often as others are faster.
    /// - Returns: What `body` returned for the document that was written, or that was left because it did not change.
    func change<Document: Codable & Equatable, Result>(
        _ place: ObjectID, from empty: Document, _ body: (inout Document) throws -> Result
    ) async throws -> Result {
        let notes = try RefName(Self.notesName)
        for _ in 0..<32 {
            let text = try await repository.note(on: place, in: notes)
            let before = try Self.decode(Document.self, text)
            var after = before ?? empty
            let result = try body(&after)
            if after == before { return result }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            let new = String(decoding: try encoder.encode(after), as: UTF8.self)
            do {
                try await repository.setNote(new, on: place, in: notes, replacing: text, by: author)
                return result
            } catch let error as SluiceError where error.code == "git.note-moved" { continue }
        }
        throw SluiceError(
            "git.reference-locked", .transient, "the notes are being written by others again and again",
            detail: Self.notesName)
    }

    static func place(of name: String) throws -> ObjectID { try ObjectID(ofBlob: Array("sluice \(name)".utf8)) }

    private static func decode<Document: Decodable>(_ type: Document.Type, _ text: String?) throws -> Document? {
        guard let text else { return nil }
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw SluiceError(
                "forge.answer-malformed", .stalled, "a note in \(notesName) is not what Sluice wrote",
                hint: "restore the note's last version", detail: "\(error)", cause: error)
        }
    }
}
