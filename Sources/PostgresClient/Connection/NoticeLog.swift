import CLibpq
import NIOConcurrencyHelpers

/// Collects a session's notices, the latest only: a script that raises notices for ever must not fill the memory.
final class NoticeLog: Sendable {
    static let capacity = 1000
    static let messageLimit = 4096

    private let notices = NIOLockedValueBox<[PostgresNotice]>([])

    /// Has libpq report here. The log must live as long as the connection.
    func attach(to connection: OpaquePointer) {
        let receiver: PQnoticeReceiver = { log, result in
            guard let log, let result else { return }
            Unmanaged<NoticeLog>.fromOpaque(log).takeUnretainedValue().append(PostgresError(result: result))
        }
        PQsetNoticeReceiver(connection, receiver, Unmanaged.passUnretained(self).toOpaque())
    }

    private func append(_ report: PostgresError) {
        let notice = PostgresNotice(
            severity: report.severity ?? "NOTICE", sqlState: report.sqlState,
            message: String(report.message.prefix(Self.messageLimit)))
        notices.withLockedValue {
            if $0.count >= Self.capacity { $0.removeFirst($0.count - Self.capacity + 1) }
            $0.append(notice)
        }
    }

    func take() -> [PostgresNotice] {
        notices.withLockedValue { notices in
            defer { notices = [] }
            return notices
        }
    }
}
