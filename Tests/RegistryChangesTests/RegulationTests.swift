import Changelog
import Foundation
import PostgresClient
import Testing

/// The regulation that the documentation shows.
@Suite struct RegulationTests {
    /// The files of the page, by the path in the comment that begins each.
    private static func files() throws -> [String: String] {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/how-to/registry-regulations.md"), encoding: .utf8)
        var files: [String: String] = [:]
        for block in page.components(separatedBy: "```xml\n").dropFirst() {
            guard let text = block.components(separatedBy: "```").first, text.hasPrefix("<!-- "),
                let end = text.range(of: " -->")
            else { continue }
            files[String(text[..<end.lowerBound].dropFirst(5))] = text
        }
        return files
    }

    private static let root = "data-model/main-liquibase.xml"

    @Test("the documented regulation deploys, works, and a second deploy finds nothing to do")
    func deploys() async throws {
        let changelog = try Regulation.changelog(files: Self.files(), root: Self.root)
        try await ReferenceDatabase.with { connection in
            let deployer = Deployer(connection, options: DeployerOptions(defaultSchema: "registry"))
            #expect(try await deployer.update(changelog).ran == 6)
            #expect(try await deployer.update(changelog).ran == 0)
            try await connection.runScript(
                """
                INSERT INTO vaccine (title, ddm_created_by, ddm_updated_by) VALUES ('rabies', 'me', 'me');
                INSERT INTO shelter (town, ddm_created_by, ddm_updated_by) VALUES ('Lviv', 'me', 'me');
                INSERT INTO animal (name, kind, chip, shelter_id, vaccine_ids, ddm_created_by, ddm_updated_by)
                    SELECT 'Rex', 'DOG', '123456789012345', shelter_id, ARRAY(SELECT vaccine_id FROM vaccine), 'me', 'me'
                    FROM shelter
                """)
            let found = "SELECT name || ' ' || town FROM animals_of_town_v"
            #expect(try await connection.execute(found).map { try $0.string(0) } == ["Rex Lviv"])
            let related = "SELECT count(*) FROM animal_vaccine_rel_v JOIN vaccine USING (vaccine_id)"
            #expect(try await connection.execute(related).single().int(0) == 1)
            let rights =
                "SELECT role_name || ' ' || object_name || ' ' || operation FROM ddm_role_permission ORDER BY 1"
            #expect(
                try await connection.execute(rights).map { try $0.string(0) }
                    == ["vet animal I", "vet animal S", "vet animals_of_town S", "vet shelter S", "vet shelter U"])
            let rows = "SELECT count(*) FROM ddm_liquibase_metadata WHERE change_name = 'animals_of_town'"
            #expect(try await connection.execute(rows).single().int(0) == 8)
        }
    }

    @Test("the text of update-sql gives the same database as the update")
    func script() async throws {
        let changelog = try Regulation.changelog(files: Self.files(), root: Self.root)
        let options = DeployerOptions(defaultSchema: "registry")
        let text = try await UpdateScript(changelog, books: nil, options: options).text
        try await ReferenceDatabase.with { connection in
            try await connection.runScript(text)
            #expect(try await Deployer(connection, options: options).plan(changelog).pending.isEmpty)
        }
    }
}
