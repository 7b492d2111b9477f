/// A value that must not be seen: it prints as `•••` wherever it is printed, dumped, logged or reflected.
///
/// Reading it takes a word, ``reveal()``, that a reviewer can search for.
public struct Secret<Value: Sendable>: Sendable {
    private let hidden: @Sendable () -> Value

    /// Hides a value.
    public init(_ value: Value) { hidden = { value } }

    /// The value itself. Pass it to the one place that needs it and keep no copy.
    public func reveal() -> Value { hidden() }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Three dots, whatever is hidden.
    public var description: String { "•••" }
    /// Three dots, whatever is hidden.
    public var debugDescription: String { "•••" }
    /// A mirror that shows nothing, so that `dump` and reflection show nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Equatable where Value == String {
    /// Compares in a time that depends on the lengths only, so that an answer's delay tells nothing of the secret.
    public static func == (left: Secret, right: Secret) -> Bool {
        let (a, b) = (Array(left.reveal().utf8), Array(right.reveal().utf8))
        var difference = a.count ^ b.count
        for index in 0..<max(a.count, b.count) {
            let x = index < a.count ? a[index] : 0
            let y = index < b.count ? b[index] : 0
            difference |= Int(x ^ y)
        }
        return difference == 0
    }
}
