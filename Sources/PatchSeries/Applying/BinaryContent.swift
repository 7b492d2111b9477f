import CZlib

extension BinaryChange {
    /// The content that the file gets, made of the one that it has; nil when the patch's bytes are no such thing.
    func content(from old: [UInt8], limit: Int) -> [UInt8]? {
        guard let unpacked else { return nil }
        return form == .literal ? unpacked : BinaryDelta(bytes: unpacked).applied(to: old, limit: limit)
    }

    /// The bytes unpacked; nil unless they are exactly as many as the patch says.
    private var unpacked: [UInt8]? {
        // Nothing is compressed to less than a thousandth: no memory is taken for a size that is only claimed.
        guard size / 1100 <= compressed.count else { return nil }
        var used = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: max(size, 1)) { buffer, count in
            var length = uLongf(buffer.count)
            var read = uLong(compressed.count)
            let status = uncompress2(buffer.baseAddress, &length, compressed, &read)
            used = status == Z_OK && read == uLong(compressed.count) ? Int(length) : -1
            count = status == Z_OK ? Int(length) : 0
        }
        return used == size ? bytes : nil
    }
}

/// A content written as what it takes from another one, in the form that git's packs have.
struct BinaryDelta {
    let bytes: [UInt8]

    /// The content; nil when the delta is of another one, or broken.
    func applied(to old: [UInt8], limit: Int) -> [UInt8]? {
        var rest = bytes[...]
        guard let before = size(&rest), before == old.count, let after = size(&rest), after <= limit else { return nil }
        var result: [UInt8] = []
        while let command = rest.popFirst() {
            if command & 0x80 != 0 {
                guard let offset = number(&rest, flags: command & 0x0F, bytes: 4),
                    let length = number(&rest, flags: command >> 4 & 0x07, bytes: 3)
                else { return nil }
                let count = length == 0 ? 0x10000 : length
                guard offset <= old.count, count <= old.count - offset else { return nil }
                result += old[offset..<(offset + count)]
            } else {
                let count = Int(command)
                guard count > 0, count <= rest.count else { return nil }
                result += rest.prefix(count)
                rest = rest.dropFirst(count)
            }
            guard result.count <= after else { return nil }
        }
        return result.count == after ? result : nil
    }

    /// A number in groups of seven bits, the lowest first.
    private func size(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var value = 0
        for shift in stride(from: 0, through: 49, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }

    /// A number of which only the bytes that are flagged are written.
    private func number(_ rest: inout ArraySlice<UInt8>, flags: UInt8, bytes: Int) -> Int? {
        var value = 0
        for index in 0..<bytes where flags >> UInt8(index) & 1 == 1 {
            guard let byte = rest.popFirst() else { return nil }
            value |= Int(byte) << (8 * index)
        }
        return value
    }
}
