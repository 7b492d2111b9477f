import DesiredState
import Foundation
import StateStore

/// Makes messages of notices: as few as hold them, each within the channel's bytes. Pure.
///
/// What belongs to one object stands together below what people call the object. When not everything can be told, warnings
/// come first, and the last message counts what it leaves out.
struct MessageComposer {
    let channel: String
    let manner: ChannelManner
    let template: NoticeTemplate?
    /// Where people find what a notice is about; nil when nobody has said.
    var links: NoticeLinks?

    /// How many notices a template gets at most.
    static let templateLimit = 50

    /// The messages for some notices, which they all settle.
    /// - Parameter limit: How many messages there may be; for channels with one notice a message, what is beyond is left.
    func messages(for notices: [Notice], limit: Int) -> [NoticeMessage] {
        guard limit > 0, !notices.isEmpty else { return [] }
        if manner.isSingle {
            return notices.prefix(limit).map { message(alone: $0) }
        }
        if let template { return [message(by: template, notices)] }
        var rest = notices
        var messages: [NoticeMessage] = []
        while !rest.isEmpty, messages.count < limit {
            let isLast = messages.count == limit - 1
            var fitting = count(of: rest)
            if fitting < rest.count, messages.isEmpty {
                rest = rest.filter { $0.severity == .warning } + rest.filter { $0.severity != .warning }
                fitting = count(of: rest)
            }
            let told = Array(rest.prefix(fitting)).sorted { $0.id < $1.id }
            let settled = isLast ? rest : told
            messages.append(
                NoticeMessage(
                    notices: settled, title: title(of: settled), text: text(of: told, more: settled.count - told.count))
            )
            rest = Array(rest.dropFirst(settled.count))
        }
        return messages
    }

    private func message(alone notice: Notice) -> NoticeMessage {
        NoticeMessage(
            notices: [notice], title: title(of: [notice]), text: "", link: links?.address(of: notice.object))
    }

    /// One line that says what notices are about: what people call the one object, or how many notices there are.
    func title(of notices: [Notice]) -> String {
        let objects = Set(notices.map(\.object))
        guard objects.count == 1, let first = notices.first else { return "\(notices.count) notices" }
        return manner.escaped(notices.last?.title ?? first.object.description)
    }

    /// How many notices fit a message, one at least.
    private func count(of notices: [Notice]) -> Int {
        // No notice takes less than this, so that the search ends soon.
        var (low, high) = (1, min(notices.count, manner.bytes / 8))
        while low < high {
            let middle = (low + high + 1) / 2
            let more = notices.count - middle
            let size = text(of: Array(notices.prefix(middle)).sorted { $0.id < $1.id }, more: more, cut: false).utf8
                .count
            if size <= manner.bytes { low = middle } else { high = middle - 1 }
        }
        return low
    }

    private func text(of notices: [Notice], more: Int, cut: Bool = true) -> String {
        let blocks = grouped(notices).map { object, notices in
            ([header(of: object, notices)] + notices.map(line)).joined(separator: manner.lineBreak)
        }
        let text = (blocks + (more > 0 ? [rest(more)] : [])).joined(separator: "\n\n")
        return cut ? text.fitting(manner.bytes) : text
    }

    private func rest(_ more: Int) -> String { "… and \(more) more: sluice notices list --channel \(channel)" }

    /// The object's title, and below it which object it is and who asked for where it goes.
    private func header(of object: ResourceKey, _ notices: [Notice]) -> String {
        let who = notices.last?.actor.map { ", asked for by \(manner.escaped($0).fitting(200))" } ?? ""
        let key = manner.escaped(object.description).fitting(300)
        let link = links.map { manner.lineBreak + $0.address(of: object) } ?? ""
        guard let title = notices.last?.title else { return manner.bold(key) + who + link }
        return manner.bold(manner.escaped(title).fitting(300)) + manner.lineBreak + key + who + link
    }

    private func line(_ notice: Notice) -> String {
        let warning = notice.severity == .warning ? "Warning: " : ""
        let repeats = notice.repeats > 0 ? " (\(notice.repeats) times more)" : ""
        let words = manner.escaped(notice.message).fitting(manner.bytes / 3)
        return "\(manner.bullet)\(warning)\(notice.reason): \(words)\(repeats)"
    }

    /// Notices by object, in the order in which objects come up.
    private func grouped(_ notices: [Notice]) -> [(ResourceKey, [Notice])] {
        let byObject = Dictionary(grouping: notices, by: \.object)
        var seen: Set<ResourceKey> = []
        return notices.compactMap { notice in
            seen.insert(notice.object).inserted ? (notice.object, byObject[notice.object] ?? []) : nil
        }
    }

    private func message(by template: NoticeTemplate, _ notices: [Notice]) -> NoticeMessage {
        var told = Array(notices.prefix(Self.templateLimit))
        while true {
            let values = values(told, more: notices.count - told.count)
            let text = template.render(values, limit: manner.bytes + 1) {
                manner.escaped($0).fitting(manner.bytes / 3)
            }
            if text.utf8.count <= manner.bytes || told.count == 1 {
                return NoticeMessage(notices: notices, title: title(of: notices), text: text.fitting(manner.bytes))
            }
            told = Array(told.prefix(told.count / 2))
        }
    }

    private func values(_ notices: [Notice], more: Int) -> JSONValue {
        let objects = grouped(notices).map { object, notices -> JSONValue in
            [
                "kind": .string(object.kind), "name": .string(object.name), "key": .string(object.description),
                "title": .string(notices.last?.title ?? object.description),
                "by": notices.last?.actor.map { .string($0) } ?? .null,
                "url": links.map { .string($0.address(of: object)) } ?? .null,
                "warning": .bool(notices.contains { $0.severity == .warning }),
                "notices": .array(
                    notices.map { notice in
                        [
                            "reason": .string(notice.reason), "message": .string(notice.message),
                            "severity": .string(notice.severity.rawValue),
                            "warning": .bool(notice.severity == .warning),
                            "time": .string(notice.createdAt.formatted(.iso8601)),
                        ]
                    }),
            ]
        }
        return [
            "channel": .string(channel), "count": .integer(notices.count + more), "more": .integer(more),
            "warning": .bool(notices.contains { $0.severity == .warning }), "objects": .array(objects),
        ]
    }
}
