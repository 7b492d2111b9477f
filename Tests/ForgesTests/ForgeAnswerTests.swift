import Diagnostics
import OutboundHTTP
import Testing

@testable import Forges

@Suite("What a forge answers")
struct ForgeAnswerTests {
    private struct Thing: Decodable {
        let id: Int
    }

    private func answer(
        _ body: String, status: Int = 200, headers: [(String, String)] = [], secrets: [String] = []
    ) -> ForgeAnswer {
        ForgeAnswer(
            OutboundResponse(status: status, headers: OutboundHeaders(headers), body: Array(body.utf8)), forge: "g",
            secrets: secrets.map { Secret($0) })
    }

    @Test("JSON is read with and without Gerrit's guard", arguments: ["{\"id\":1}", ")]}'\n{\"id\":1}"])
    func json(_ body: String) throws {
        #expect(try answer(body).decoded(Thing.self).id == 1)
    }

    @Test(
        "F-05: what is no JSON is a passing trouble that says so",
        arguments: [
            "<html><body>Log in</body></html>", " \n<!DOCTYPE html>", "", "{\"id\":", "null", "[]", "Retry later",
        ])
    func nonsense(_ body: String) {
        let error = #expect(throws: SluiceError.self) { try answer(body).decoded(Thing.self) }
        #expect(error?.code == "forge.answer-malformed")
        #expect(error?.kind == .transient)
    }

    @Test("B-09: a credential that a host repeats is in no error")
    func canary() {
        let answer = answer(
            "{\"message\":\"token c4nary-1 (Basic YzRuYXJ5) is not known\"}", status: 400,
            secrets: ["c4nary-1", "Basic YzRuYXJ5"])
        for error in [answer.refused(), answer.denied("says no"), answer.malformed("something")] {
            let text = String(reflecting: error)
            #expect(!text.contains("c4nary"))
            #expect(!text.contains("YzRuYXJ5"))
            #expect(text.contains("is not known"))
        }
    }

    @Test("B-09: a credential that stands where something else was expected is not told with it")
    func canaryInJSON() throws {
        struct Named: Decodable { let names: [String: Int] }
        let answer = answer("{\"names\":{\"c4nary-1\":\"c4nary-1\"}}", secrets: ["c4nary-1"])
        let error = try #require(#expect(throws: SluiceError.self) { try answer.decoded(Named.self) })
        #expect(!String(reflecting: error).contains("c4nary"))
    }

    @Test("a page names the next one in its host's way")
    func paging() {
        func next(_ headers: [(String, String)], count: Int = 2) -> Int? {
            ForgeAPI.next(after: 1, of: answer("[]", headers: headers), count: count, size: 2)
        }
        #expect(next([("X-Next-Page", "2")]) == 2)
        #expect(next([("X-Next-Page", "")]) == nil)
        #expect(next([("Link", "<https://h/x?a=1&page=2>; rel=\"next\", <https://h/x?page=9>; rel=\"last\"")]) == 2)
        #expect(next([("Link", "<https://h/x?page=1>; rel=\"first\"")]) == nil)
        #expect(next([("total_page", "3")]) == 2)
        #expect(next([("total_page", "1")]) == nil)
        #expect(next([]) == 2)
        #expect(next([], count: 1) == nil)
    }
}

@Suite("Lists of several pages")
struct PageCollectorTests {
    private func collect(_ pages: [[Int]], totals: [Int?] = []) -> ([Int], PageCollector<Int>.Doubt?) {
        var collector = PageCollector<Int>(key: { String($0) })
        for (index, page) in pages.enumerated() {
            let total = index < totals.count ? totals[index] : nil
            if let doubt = collector.add(page, total: total) { return (collector.elements, doubt) }
        }
        return (collector.elements, collector.doubt())
    }

    @Test("pages that agree are one list")
    func whole() {
        #expect(collect([[1, 2], [3]], totals: [3, 3]) == ([1, 2, 3], nil))
        #expect(collect([[1, 2], [3]]) == ([1, 2, 3], nil))
        #expect(collect([[]], totals: [0]) == ([], nil))
    }

    @Test("F-05: a repeated element, another total, and a total that does not agree are doubted")
    func doubted() {
        #expect(collect([[1, 2], [2, 3]]).1 == .repeated)
        #expect(collect([[1, 2], [3]], totals: [3, 2]).1 == .totalChanged)
        #expect(collect([[1, 2]], totals: [3]).1 == .totalWrong)
        #expect(collect((0...500).map { [$0] }).1 == .tooMany)
    }
}
