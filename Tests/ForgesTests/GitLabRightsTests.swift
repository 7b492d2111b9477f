import Testing

@testable import Forges

@Suite("Rights by GitLab's levels")
struct GitLabRightsTests {
    @Test(
        "A level says what may be done; where none is told, that nobody knows",
        arguments: [([30, nil], true), ([20, 10], false), ([nil, 40], true), ([nil, nil], nil)] as [([Int?], Bool?)])
    func levels(_ levels: [Int?], _ may: Bool?) {
        let rights = GitLabForge.rights(ofLevels: levels)
        #expect(rights.granted[.read] == true)
        #expect(rights.granted[.verdicts] == may && rights.granted[.write] == may)
    }
}
