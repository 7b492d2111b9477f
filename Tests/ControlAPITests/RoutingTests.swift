import Testing

@testable import ControlAPI

@Suite struct RoutingTests {
    @Test("A pattern finds what its parameters stand for")
    func patterns() {
        let one: RoutePattern = "/runs/{id}/tasks"
        #expect(one.match(["runs", "5", "tasks"]) == ["id": ["5"]])
        #expect(one.match(["runs", "", "tasks"]) == nil)
        #expect(one.match(["runs", "5"]) == nil)
        #expect(one.match(["runs", "5", "tasks", "x"]) == nil)
        let several: RoutePattern = "/resources/{kind}/{name*}/reconcile"
        #expect(several.match(["resources", "K", "a", "b", "reconcile"]) == ["kind": ["K"], "name": ["a", "b"]])
        #expect(several.match(["resources", "K", "reconcile"]) == nil)
        #expect(several.match(["resources", "K", "a", "b"]) == nil)
        #expect(several.template == "/resources/{kind}/{name}/reconcile")
    }

    @Test("A target is decoded once, and a slash that was encoded stays where it is")
    func targets() throws {
        let target = try #require(RequestTarget("/a/b%2Fc/%25?x=1&y=a+b%3D&z&=&x=2#f"))
        #expect(target.segments == ["a", "b/c", "%"])
        #expect(target.query.map(\.name) == ["x", "y", "z", "", "x"])
        #expect(target.query.map(\.value) == ["1", "a b=", "", "", "2"])
        #expect(RequestTarget("/a/")?.segments == ["a"])
        #expect(RequestTarget("/")?.segments == [""])
        for broken in ["", "a", "*", "/%", "/%zz", "/%ff", "/?a=%zz"] {
            #expect(RequestTarget(broken) == nil)
        }
    }

    @Test("No route hides another one")
    func unambiguous() {
        let table = RouteTable.all(FakeServices().all, receiver: FakeServices().receiver())
        for route in table.routes {
            let segments = route.pattern.parts.map { part in
                switch part {
                case .literal(let text): text
                case .one, .several: "x"
                }
            }
            guard case .route(let found, _) = table.match(route.method.rawValue, segments) else {
                Issue.record("\(route.pattern.text) is not found")
                continue
            }
            #expect(found.operation == route.operation)
        }
    }
}
