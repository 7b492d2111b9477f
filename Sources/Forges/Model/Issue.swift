import Diagnostics

/// The name of an issue on its host: a number, or a word (Gitee).
public struct IssueID: Hashable, Sendable, CustomStringConvertible {
    /// The id as the host spells it.
    public let rawValue: String

    /// Takes an id: 1 to 100 ASCII letters, digits and dashes.
    /// - Throws: `forge.issue-id-invalid`.
    public init(_ text: String) throws {
        guard (1...100).contains(text.utf8.count),
            text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") })
        else {
            throw SluiceError(
                "forge.issue-id-invalid", .stalled, "an issue's id has letters, digits and dashes only",
                detail: String(text.debugDescription.prefix(300)))
        }
        rawValue = text
    }

    /// The id as the host spells it.
    public var description: String { rawValue }
}

/// An issue, as the host tells of it.
public struct Issue: Hashable, Sendable {
    /// What became of it.
    public enum State: Hashable, Sendable {
        /// It waits for somebody.
        case open
        /// It is done or was dropped.
        case closed
        /// A word that we do not know.
        case unknown(String)
    }

    /// Its name on the host.
    public let id: IssueID
    /// Its title.
    public let title: String
    /// Its text, our marker included.
    public let body: String
    /// What became of it.
    public let state: State
    /// Its labels, sorted.
    public let labels: [String]
    /// Whether our own account wrote it.
    public let isOurs: Bool
    /// Its page for people.
    public let webURL: String?

    /// Makes an issue. The title is cut to one line of at most 300 characters.
    public init(
        id: IssueID, title: String, body: String, state: State, labels: [String] = [], isOurs: Bool,
        webURL: String? = nil
    ) {
        self.id = id
        self.title = SingleLine.of(title, limit: 300)
        self.body = body
        self.state = state
        self.labels = labels.sorted()
        self.isOurs = isOurs
        self.webURL = webURL
    }
}

/// An issue as it should be.
public struct IssueDraft: Hashable, Sendable {
    /// What it is found again by.
    public let marker: Marker
    /// Its title, one line.
    public let title: String
    /// Its text, without the marker.
    public let body: String
    /// Labels that it must have; others that it has stay.
    public let labels: [String]
    /// Whether it should be open.
    public let isOpen: Bool

    /// Makes a draft. The title is cut to one line of at most 250 characters.
    public init(marker: Marker, title: String, body: String, labels: [String] = [], isOpen: Bool = true) {
        self.marker = marker
        self.title = SingleLine.of(title, limit: 250)
        self.body = body
        self.labels = labels.sorted()
        self.isOpen = isOpen
    }

    /// The text with the marker, as it is sent to the host.
    public var text: String { marker.marking(body) }
}

extension IssueDraft {
    /// It with the labels that an issue has besides: people have put them there.
    func keepingLabels(of there: Issue?) -> IssueDraft {
        IssueDraft(
            marker: marker, title: title, body: body, labels: Set(labels).union(there?.labels ?? []).sorted(),
            isOpen: isOpen)
    }
}

extension Issue {
    /// Whether it is as a draft wants it.
    func agrees(with draft: IssueDraft) -> Bool {
        title == draft.title && labels == draft.labels && state == (draft.isOpen ? .open : .closed)
            && body.replacingAll("\r\n", with: "\n").trimmedEnd.utf8.elementsEqual(draft.text.utf8)
    }
}
