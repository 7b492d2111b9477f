import DesiredState
import StateStore
import Testing

@testable import ControlAPI

@Suite("Notices over HTTP")
struct NoticeTests {
    @Test("Notices can be listed, read and sent again, and a channel can be tried")
    func notices() async throws {
        let services = FakeServices(
            FakeServices.World(notices: [Given.notice(2), Given.notice(1, .waiting)]))
        let list = try await ask(services, "/api/v1/notices?state=delivered,dead&channel=ops")
        #expect(list.json["items"]?.array?.compactMap { $0["id"]?.integer } == [2])
        #expect(try await ask(services, "/api/v1/notices?state=lost").status == 400)
        let one = try await ask(services, "/api/v1/notices/2").json
        #expect(one["channel"] == "ops")
        #expect(one["messageId"] == "msg_2")
        #expect(try await ask(services, "/api/v1/notices/7").status == 404)
        #expect(try await ask(services, "/api/v1/notices/2/redeliver", method: "POST").status == 202)
        #expect(try await ask(services, "/api/v1/notices/7/redeliver", method: "POST").status == 404)
        #expect(try await ask(services, "/api/v1/notices", method: "POST", body: #"{"channel": "ops"}"#).status == 202)
        #expect(try await ask(services, "/api/v1/notices", method: "POST", body: "{}").status == 400)
        let unknown = try await ask(services, "/api/v1/notices", method: "POST", body: #"{"channel": "x"}"#)
        #expect(unknown.json["code"] == "notice.no-subscriber")
    }
}
