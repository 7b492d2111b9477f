import Forges
import GitClient

extension Stage {
    /// Git as the controller would use it here.
    func transport(of source: ForgeSource) async throws -> GitTransport {
        GitTransport(allowing: [.file, .http], access: GitAccess(credential: source.credential))
    }
}
