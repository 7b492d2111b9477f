import Diagnostics

/// Puts a list together of its pages, and refuses what can be no complete list. Pure.
///
/// While pages are read, the list may change: what closes moves the rest forward, so that one element is seen on no page.
/// Hosts that count tell of it by another total; elements that come twice tell of it too. Whoever reads begins again then.
struct PageCollector<Element> {
    /// Why a list cannot be believed.
    enum Doubt: String {
        case repeated = "an element came twice"
        case totalChanged = "the total changed between pages"
        case totalWrong = "there were fewer or more elements than the total says"
        case tooMany = "there are more pages than are read"
    }

    /// The most pages of one list.
    static var pageLimit: Int { 500 }

    private(set) var elements: [Element] = []
    private var keys: Set<String> = []
    private var total: Int?
    private var pages = 0
    private let key: (Element) -> String

    init(key: @escaping (Element) -> String) { self.key = key }

    /// Takes a page.
    /// - Parameter total: How many elements there are in all, as the page says.
    /// - Returns: What is wrong, if anything.
    mutating func add(_ page: [Element], total: Int?) -> Doubt? {
        pages += 1
        guard pages <= Self.pageLimit else { return .tooMany }
        if let total {
            if let known = self.total, known != total { return .totalChanged }
            self.total = total
        }
        for element in page {
            guard keys.insert(key(element)).inserted else { return .repeated }
        }
        elements += page
        return nil
    }

    /// What is wrong with the whole list, if anything.
    func doubt() -> Doubt? { total.map { $0 == elements.count ? nil : .totalWrong } ?? nil }
}

/// One page of a list, and where the next one is.
struct ForgePage<Element> {
    let elements: [Element]
    /// How many elements there are in all, where the host says so.
    let total: Int?
    /// What asks for the next page; nil for the last one.
    let next: Int?
}

extension ForgeAPI {
    /// How often a list that changed while it was read is read again.
    private static var attempts: Int { 3 }

    /// Reads a list to its end.
    /// - Parameters:
    ///   - first: What asks for the first page.
    ///   - key: What tells elements apart.
    ///   - page: Reads one page.
    /// - Throws: `forge.list-incomplete` when it changes again and again.
    func list<Element>(
        from first: Int, key: @escaping (Element) -> String,
        page: (_ position: Int) async throws -> ForgePage<Element>
    ) async throws -> [Element] {
        var doubt: PageCollector<Element>.Doubt?
        for _ in 0..<Self.attempts {
            var collector = PageCollector(key: key)
            var position: Int? = first
            doubt = nil
            while let asked = position, doubt == nil {
                let read = try await page(asked)
                doubt = collector.add(read.elements, total: read.total)
                // A page that names itself or an earlier one as the next would be read for ever.
                if let next = read.next, next <= asked { doubt = .repeated }
                position = read.next
            }
            doubt = doubt ?? collector.doubt()
            if doubt == nil { return collector.elements }
        }
        throw SluiceError(
            "forge.list-incomplete", .transient, "a list of the forge \(access.name) could not be read as a whole",
            hint: "it is read again later; nothing is concluded from a part", detail: doubt?.rawValue)
    }
}
