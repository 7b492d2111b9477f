import Diagnostics
public import Foundation

/// Which runs or tasks to list. What is nil or empty does not restrict.
public struct HistoryFilter: Hashable, Sendable {
    /// The kind of the object.
    public var kind: String?
    /// The name of the object.
    public var name: String?
    /// The revision worked on.
    public var revision: String?
    /// What a task was done to. Of runs: those with at least one such task.
    public var target: String?
    /// What a task did. Of runs: those with at least one such task.
    public var action: String?
    /// Only the tasks of this run.
    public var run: Int64?
    /// Only runs, and tasks of runs, that began at this time or later.
    public var since: Date?
    /// Only runs, and tasks of runs, that began before this time.
    public var until: Date?
    /// Only what took this long or longer; what is still under way counts as long as it takes already.
    public var longerThan: Duration?
    /// Only what took this long or less.
    public var shorterThan: Duration?

    /// Makes a filter.
    public init(
        kind: String? = nil, name: String? = nil, revision: String? = nil, target: String? = nil,
        action: String? = nil, run: Int64? = nil, since: Date? = nil, until: Date? = nil,
        longerThan: Duration? = nil, shorterThan: Duration? = nil
    ) {
        self.kind = kind
        self.name = name
        self.revision = revision
        self.target = target
        self.action = action
        self.run = run
        self.since = since
        self.until = until
        self.longerThan = longerThan
        self.shorterThan = shorterThan
    }
}

/// A place in a list, newest first, from which to go on. It stays valid however much is added meanwhile.
public struct HistoryCursor: Hashable, Sendable, CustomStringConvertible {
    /// The last id of the page before.
    let id: Int64

    init(id: Int64) { self.id = id }

    /// Reads what ``description`` made. Throws ``StateStoreError/invalidCursor`` for anything else.
    public init(_ text: String) throws {
        guard let digits = text.rest(after: "before-"), let id = Int64(digits), id > 0 else {
            throw StateStoreError.invalidCursor
        }
        self.id = id
    }

    /// The cursor as text, to be handed out and taken back.
    public var description: String { "before-\(id)" }
}

/// How much of a list to give, and from where.
public struct PageRequest: Hashable, Sendable {
    /// The largest page there is.
    public static let maximumLimit = 500

    /// How many elements at most; between 1 and ``maximumLimit``.
    public let limit: Int
    /// Where the page before ended; nil for the first.
    public let cursor: HistoryCursor?

    /// Makes a request; a limit out of range is brought into it.
    public init(limit: Int = 50, after cursor: HistoryCursor? = nil) {
        self.limit = min(max(limit, 1), Self.maximumLimit)
        self.cursor = cursor
    }
}

/// A part of a list.
public struct Page<Element: Sendable>: Sendable {
    /// The elements, newest first.
    public let elements: [Element]
    /// Where to go on; nil at the end of the list.
    public let next: HistoryCursor?

    /// Makes a page of the elements read for a request of one more than `limit`.
    init(_ read: [Element], limit: Int, id: (Element) -> Int64) {
        elements = Array(read.prefix(limit))
        next = read.count > limit ? elements.last.map { HistoryCursor(id: id($0)) } : nil
    }

    /// The page of a list in which there is nothing.
    public static var empty: Page { Page(elements: [], next: nil) }

    private init(elements: [Element], next: HistoryCursor?) {
        self.elements = elements
        self.next = next
    }

    /// The page without some of its elements; where the next begins does not change.
    public func only(_ isIncluded: (Element) -> Bool) -> Page {
        Page(elements: elements.filter(isIncluded), next: next)
    }
}
