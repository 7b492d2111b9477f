/// The values that were used last; the one that was used longest ago goes first.
struct Memory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var values: [Key: (value: Value, used: Int)] = [:]
    private var clock = 0

    init(limit: Int) { self.limit = limit }

    /// The value of a key, which counts as used.
    subscript(key: Key) -> Value? {
        mutating get {
            guard let known = values[key] else { return nil }
            clock += 1
            values[key] = (known.value, clock)
            return known.value
        }
    }

    /// Keeps a value, at the cost of another one.
    mutating func keep(_ value: Value, for key: Key) {
        clock += 1
        values[key] = (value, clock)
        guard values.count > limit, let oldest = values.min(by: { $0.value.used < $1.value.used }) else { return }
        values[oldest.key] = nil
    }
}
