import CLibpq
import Glibc

extension Exchange {
    /// Sends COPY data.
    func putCopyData(_ bytes: [UInt8]) throws {
        // libpq takes lengths as Int32: larger pieces are cut; PostgreSQL does not care where.
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 24)
            rest = rest.dropFirst(piece.count)
            try repeatUntilTaken {
                piece.withUnsafeBytes { buffer in
                    PQputCopyData(
                        connection, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
                }
            }
        }
        try flush()
    }

    /// Ends a COPY FROM STDIN, with a message to make the server fail it.
    func endCopyIn(failingWith message: String?) throws {
        try repeatUntilTaken { PQputCopyEnd(connection, message) }
        try flush()
    }

    private func repeatUntilTaken(_ put: () -> Int32) throws {
        while true {
            let status = put()
            if status == 1 { return }
            guard status == 0 else { throw lost() }
            try wait(for: POLLIN | POLLOUT)
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
    }

    /// The next rows of a COPY TO STDOUT, at least `size` bytes unless they end before; nil when there are no more.
    func readCopyChunk(atLeast size: Int) throws -> [UInt8]? {
        var chunk: [UInt8] = []
        while chunk.count < size {
            var row: UnsafeMutablePointer<CChar>?
            let length = PQgetCopyData(connection, &row, 1)
            defer { PQfreemem(row) }
            switch length {
            case 1...: chunk.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(length)))
            case 0:
                try wait(for: POLLIN)
                guard PQconsumeInput(connection) == 1 else { throw lost() }
            default:
                // -1 is the end and -2 an error, which the next result tells.
                return chunk.isEmpty ? nil : chunk
            }
        }
        return chunk
    }
}
