package import DesiredState

/// An answer, ready to be written or to be damaged by a fault.
package struct Reply: Error, Sendable {
    package var status: Int
    /// Names and values; a name may come twice.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(_ status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A JSON document.
    package static func json(
        _ status: Int, _ value: JSONValue, headers: [(name: String, value: String)] = [],
        type: String = "application/json", prefix: String = ""
    ) -> Reply {
        Reply(
            status, headers: [("Content-Type", type)] + headers, body: Array((prefix + value.canonicalText).utf8))
    }

    /// Plain text.
    package static func text(
        _ status: Int, _ text: String, headers: [(name: String, value: String)] = [],
        type: String = "text/plain; charset=utf-8"
    ) -> Reply {
        Reply(status, headers: [("Content-Type", type)] + headers, body: Array(text.utf8))
    }

    /// With more headers.
    package func adding(_ more: [(name: String, value: String)]) -> Reply {
        Reply(status, headers: headers + more, body: body)
    }
}
