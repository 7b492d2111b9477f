import DesiredState
import Diagnostics
import Forges
import Foundation
import Logging

/// Makes forges of what is desired of them.
enum ForgeFactory {
    /// - Throws: `forge.not-supported`.
    static func make(_ spec: ForgeSpec, named name: String, logger: Logger) throws -> any Forge {
        switch spec.host {
        case .local(let local): LocalForge(name: name, folder: local.path, logger: logger, now: { Date() })
        case .gerrit, .gitLab, .gitHub, .gitee:
            throw SluiceError("forge.not-supported", .stalled, "forges of the type of \(name) are not served yet")
        }
    }
}
