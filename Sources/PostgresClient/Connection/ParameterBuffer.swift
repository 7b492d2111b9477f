import CLibpq

/// Lays parameters out as libpq wants them: arrays of pointers into memory that outlives the call.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []
    private var types: [Oid] = []

    private static let byteaType: Oid = 17

    init(_ values: [PostgresValue]) throws {
        for value in values {
            switch value {
            case .null: append(nil, type: 0, format: 0)
            case .text(let text):
                try SQL.rejectNUL(in: text, "a text parameter")
                append(Array(text.utf8), type: 0, format: 0)
            case .bytes(let bytes): append(bytes, type: Self.byteaType, format: 1)
            }
        }
    }

    private mutating func append(_ value: [UInt8]?, type: Oid, format: Int32) {
        types.append(type)
        formats.append(format)
        lengths.append(Int32(clamping: value?.count ?? 0))
        offsets.append(value == nil ? nil : bytes.count)
        bytes.append(contentsOf: value ?? [])
        bytes.append(0)
    }

    /// Sends `sql` with the parameters by the extended protocol, and returns libpq's answer.
    func send(_ sql: String, to connection: OpaquePointer) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let values = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return PQsendQueryParams(
                connection, sql, Int32(clamping: offsets.count), types, values, lengths, formats, 0)
        }
    }
}
