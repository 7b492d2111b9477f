import HTTPTypes
import Testing

@testable import ControlAPI

@Suite("A path as it may be shown")
struct ShownPathTests {
    @Test(
        "Behind the name of a webhook's source nothing is shown, wherever it stands",
        arguments: [
            ("/hooks/gerrit/SECRET", "/hooks/gerrit"), ("//hooks/gerrit/SECRET", "//hooks/gerrit"),
            ("/prefix/hooks/gerrit/SECRET", "/prefix/hooks/gerrit"), ("/%68ooks/gerrit/SECRET?x", "/hooks/gerrit"),
            ("/Hooks/gerrit/SECRET/", "/Hooks/gerrit"), ("/hooks//SECRET", "/hooks/"),
            ("/api/v1/runs?x", "/api/v1/runs"),
        ])
    func path(_ target: String, _ shown: String) {
        let head = RequestHead(HTTPRequest(method: .post, scheme: "http", authority: "localhost", path: target))
        #expect(head.shownPath == shown)
    }
}
