import Diagnostics
import Forges
import GitClient

extension SourceMirror {
    /// Brings candidates that do not come with the branches. One that is gone meanwhile keeps none of the others from
    /// coming.
    func bring(_ candidates: [Candidate], from source: ForgeSource) async throws {
        let refspecs = try candidates.compactMap { try $0.refspec }
        guard !refspecs.isEmpty else { return }
        do {
            try await fetch(refspecs, from: source)
        } catch let error as SluiceError where error.code == "git.reference-missing" {
            for refspec in refspecs {
                do {
                    try await fetch([refspec], from: source)
                } catch let error as SluiceError where error.code == "git.reference-missing" { continue }
            }
        }
    }

    /// Deletes the references of candidates that are not among these.
    func prune(keeping candidates: [Candidate]) async throws {
        let kept = Set(try candidates.compactMap { try $0.refspec?.destination })
        try await opened().deleteReferences(under: "refs/sluice/", except: kept)
    }

    private func fetch(_ refspecs: [RefSpec], from source: ForgeSource) async throws {
        try await transport.authenticated(as: source.credential).fetch(
            into: path, from: source.remote, refspecs: refspecs, prune: false)
    }
}
