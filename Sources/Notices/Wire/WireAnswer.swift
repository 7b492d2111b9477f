import DesiredState
import Diagnostics
import OutboundHTTP

/// What the answers of robots and programs mean. Pure.
enum WireAnswer {
    /// How long is waited when a robot says in its own words that it was asked too often: its limits are by the minute.
    static let minute = Duration.seconds(60)

    /// What an answer with a status below 500 means; the other ones are errors already.
    static func verdict(_ response: OutboundResponse, from destination: NoticeDestination) -> NoticeVerdict {
        if response.status == 410 { return .gone }
        guard (200...299).contains(response.status) else { return .refused }
        switch destination {
        case .webhook, .email: return .taken
        case .slack:
            // Slack says `ok` and nothing else.
            return String(decoding: response.body.prefix(16), as: UTF8.self).begins(with: "ok") ? .taken : .refused
        case .wecom: return verdict(code(response, "errcode"), limits: [45009, 45033])
        case .dingtalk: return verdict(code(response, "errcode"), limits: [130_101, 410_100, 90_018])
        case .feishu: return verdict(code(response, "code", "StatusCode"), limits: [9499, 11_232, 11_233])
        }
    }

    /// These robots answer 200 to everything; a number in the body tells.
    private static func verdict(_ code: Int?, limits: Set<Int>) -> NoticeVerdict {
        guard let code else { return .refused }
        return code == 0 ? .taken : limits.contains(code) ? .throttled(minute) : .refused
    }

    private static func code(_ response: OutboundResponse, _ names: String...) -> Int? {
        guard response.body.count <= 64 << 10,
            let body = try? JSONValue(parsing: String(decoding: response.body, as: UTF8.self))
        else { return nil }
        for name in names {
            if let code = body[name]?.integer { return code }
        }
        return nil
    }
}
