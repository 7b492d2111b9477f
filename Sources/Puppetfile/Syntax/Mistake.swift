/// What is wrong with a statement.
struct Mistake: Error {
    let code: PuppetfileFindingCode
    let position: Position
    let message: String
    let hint: String?
    /// Whether it only repeats what was said of an earlier line.
    let isEcho: Bool
    /// Whether the statement before it was read too early, because it goes on here.
    let spoilsPrevious: Bool

    init(
        _ code: PuppetfileFindingCode, _ position: Position, _ message: String, hint: String? = nil,
        isEcho: Bool = false, spoilsPrevious: Bool = false
    ) {
        self.code = code
        self.position = position
        self.message = message
        self.hint = hint
        self.isEcho = isEcho
        self.spoilsPrevious = spoilsPrevious
    }
}
