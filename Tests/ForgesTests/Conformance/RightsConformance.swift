import Diagnostics
import ForgeDoubles
import Forges
import GitClient
import Testing

@Suite("Every forge: what our account may do")
struct RightsConformance {
    /// Those that tell what our account may do.
    private static let telling = Host.remote.filter { $0 != .githubApp }

    @Test(arguments: telling) func `rights are those that the host gives`(_ host: Host) async throws {
        try await Stage.with(host) { stage in
            _ = try await stage.propose(1)
            let rights = try await stage.forge.rights(in: stage.project)
            #expect(rights.granted[.read] == true)
            #expect(rights.granted[.verdicts] == true)
            // What may be pushed, Gerrit does not say.
            #expect(rights.granted[.write] == (host == .gerrit ? nil : true))
        }
    }

    @Test(arguments: telling) func `an account that may only read may give no verdicts`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            _ = try await stage.propose(1)
            try await stage.double.administer { world in
                try await world.addToken(Stage.token, for: try await world.addAccount(Stage.login), level: .read)
            }
            let rights = try await stage.forge.rights(in: stage.project)
            #expect(rights.granted[.read] == true)
            #expect(rights.granted[.verdicts] == false)
        }
    }

    @Test(arguments: Host.allCases) func `a project that we may not see is an error, and no right`(
        _ host: Host
    ) async throws {
        try await Stage.with(host) { stage in
            let project = try ProjectRef("land/elsewhere")
            await #expect { try await stage.forge.rights(in: project) } throws: { error in
                (error as? SluiceError)?.code == "forge.project-missing"
            }
        }
    }

    @Test func `V-03: a Gerrit where nothing asks for the label is told as a hazard`() async throws {
        try await Stage.with(.gerrit) { stage in
            func hazards() async throws -> [String] {
                try await stage.forge.verdictHazards(project: stage.project, branch: stage.master)
            }
            try await stage.double.administer { world in
                try await world.configure(Stage.path) { $0.labelFunction = "NoBlock" }
            }
            #expect(try await hazards().first?.contains("no submit requirement asks for label:Verified") == true)
            try await stage.double.administer { world in
                try await world.configure(Stage.path) { $0.submitRequirements = ["label:Verified=MAX"] }
            }
            #expect(try await hazards() == [])
        }
    }
}
