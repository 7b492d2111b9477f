import Diagnostics
import Forges
import GitClient
import TestSupport
import Testing

@testable import ConfigRepository

@Suite("The mirror of a config repository")
struct SourceMirrorTests {
    @Test("F-06: a candidate whose reference is gone keeps none of the others from coming")
    func vanished() async throws {
        try await withTemporaryDirectory("mirror") { directory in
            let repository = try await ScriptedRepository.create(at: "\(directory)/config.git")
            let there = try await repository.push(["a.txt": "a"], to: "topic")
            let gone = try ObjectID("0123456789012345678901234567890123456789")
            func candidate(_ id: String, _ revision: ObjectID, _ reference: String) throws -> Candidate {
                Candidate(
                    id: try CandidateID(id), title: id, revision: revision, targetBranch: try RefName.branch("main"),
                    reference: try RefName(reference))
            }
            let mirror = SourceMirror(
                path: "\(directory)/mirror.git", transport: GitTransport(allowing: [.file]))
            let opened = try await mirror.opened()
            let source = ForgeSource(remote: try GitRemote(path: repository.path), refspecs: [])
            try await mirror.bring(
                [
                    candidate("1", gone, "refs/heads/gone"), candidate("2", there, "refs/heads/topic"),
                    candidate("3", gone, "refs/heads/away"),
                ], from: source)
            #expect(try await opened.contains(there))
        }
    }
}
