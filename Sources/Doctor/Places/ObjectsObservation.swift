/// How the controller says that its objects stand.
public struct ObjectsObservation: Sendable, Hashable {
    /// One that does not go on by itself.
    public struct Stalled: Sendable, Hashable {
        /// `Registry/land`.
        public var object: String
        /// Why, in a word.
        public var reason: String
        /// Why, in a sentence.
        public var message: String
        /// Whether it is the template of candidates' databases: without it none is judged.
        public var isTemplate: Bool

        /// Makes an object.
        public init(_ object: String, reason: String, message: String, isTemplate: Bool = false) {
            self.object = object
            self.reason = reason
            self.message = message
            self.isTemplate = isTemplate
        }
    }

    /// How many templates are ready.
    public var readyTemplates: Int
    /// How many objects there are.
    public var count: Int
    /// How many of them stand still.
    public var stalledCount: Int
    /// The first of those; templates before others.
    public var stalled: [Stalled]

    /// Makes an observation.
    public init(readyTemplates: Int = 0, count: Int, stalledCount: Int = 0, stalled: [Stalled] = []) {
        self.readyTemplates = readyTemplates
        self.count = count
        self.stalledCount = stalledCount
        self.stalled = stalled
    }

    /// What is found of it.
    public var findings: [Finding] { templates + others }

    private var templates: [Finding] {
        let check = "template.health"
        let broken = stalled.filter(\.isTemplate)
        if !broken.isEmpty {
            return broken.map {
                .failed(
                    check, of: $0.object, "\($0.reason): \($0.message)",
                    fix: "mend what it says, then: sluice reconcile \($0.object)")
            }
        }
        return readyTemplates == 0
            ? [.notChecked(check, "no template has been made yet: the first candidate has one made")]
            : [.ok(check, "\(readyTemplates) templates are ready to be cloned")]
    }

    private var others: [Finding] {
        let check = "objects.standing"
        let others = stalled.filter { !$0.isTemplate }
        guard !others.isEmpty else { return [.ok(check, "none of \(count) objects stands still")] }
        let found = others.map {
            Finding.warning(
                check, of: $0.object, "\($0.reason): \($0.message)", fix: "sluice explain \($0.object)")
        }
        let left = stalledCount - stalled.count
        return left <= 0
            ? found : found + [.warning(check, "\(left) more stand still", fix: "sluice get KIND, for each kind")]
    }
}
