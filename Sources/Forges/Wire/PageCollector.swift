import Diagnostics
import OutboundHTTP

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

    private(set) var elements: [Element] = []
    private var keys: Set<String> = []
    private var total: Int?
    private var pages = 0
    private let pageLimit: Int
    private let key: (Element) -> String

    /// - Parameter pageLimit: The most pages that are read.
    init(pageLimit: Int = 500, key: @escaping (Element) -> String) {
        self.pageLimit = pageLimit
        self.key = key
    }

    /// Takes a page.
    /// - Parameter total: How many elements there are in all, as the page says.
    /// - Returns: What is wrong, if anything.
    mutating func add(_ page: [Element], total: Int?) -> Doubt? {
        pages += 1
        guard pages <= pageLimit else { return .tooMany }
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

    /// How many elements are asked for at once, where nothing speaks against it.
    private static var pageSize: Int { 100 }

    /// The most elements of one list.
    private static var listLimit: Int { 500 * pageSize }

    /// Reads a list with pages of the usual size, and with smaller ones while an answer is too large: the long texts of a few
    /// strangers must not keep everybody's list from being read.
    func sized<Result>(_ read: (_ size: Int) async throws -> Result) async throws -> Result {
        var size = Self.pageSize
        while true {
            do {
                return try await read(size)
            } catch let error as SluiceError where error.code == "outbound.answer-too-large" && size > 1 {
                size = max(1, size / 5)
            }
        }
    }

    /// Reads a list to its end.
    /// - Parameters:
    ///   - first: What asks for the first page.
    ///   - size: How many elements are asked for at once.
    ///   - key: What tells elements apart.
    ///   - isEnough: Whether nothing behind this element is needed.
    ///   - page: Reads one page.
    /// - Throws: `forge.list-incomplete` when it changes again and again.
    func list<Element>(
        from first: Int, size: Int, key: @escaping (Element) -> String,
        until isEnough: (Element) -> Bool = { _ in false },
        page: (_ position: Int) async throws -> ForgePage<Element>
    ) async throws -> [Element] {
        var doubt: PageCollector<Element>.Doubt?
        for _ in 0..<Self.attempts {
            var collector = PageCollector(pageLimit: Self.listLimit / size, key: key)
            var position: Int? = first
            doubt = nil
            while let asked = position, doubt == nil {
                let read = try await page(asked)
                doubt = collector.add(read.elements, total: read.total)
                if doubt == nil, read.elements.contains(where: isEnough) { return collector.elements }
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

extension ForgeAPI {
    /// The page after one, as GitLab (`X-Next-Page`), GitHub (`Link`) and Gitee (`total_page`) name it.
    ///
    /// A host behind a proxy that drops these fields still has more pages than one: a full page is never taken for the
    /// last without a word of the host.
    static func next(after page: Int, of answer: ForgeAnswer, count: Int, size: Int) -> Int? {
        if let text = answer.headers["x-next-page"] { return Int(text) }
        if let link = answer.headers["link"] { return linked(link) }
        if let text = answer.headers["total_page"], let last = Int(text) { return page < last ? page + 1 : nil }
        return count >= size ? page + 1 : nil
    }

    /// The page number of `<https://…?page=2>; rel="next"`. The address itself is not followed.
    private static func linked(_ link: String) -> Int? {
        for part in link.words(at: ",") where part.holds("rel=\"next\"") {
            guard let match = part.firstMatch(of: /[?&]page=(\d+)/) else { continue }
            return Int(match.1)
        }
        return nil
    }

    /// How many elements a list has in all, where the host says so.
    static func total(of answer: ForgeAnswer) -> Int? {
        (answer.headers["x-total"] ?? answer.headers["total_count"]).flatMap { Int($0) }
    }

    /// Reads a list of numbered pages to its end.
    /// - Parameter trim: Takes from an element what is not needed, so that the list can be held.
    /// - Throws: As ``list(from:size:key:until:page:)``; what `missing` returns when the host says 404.
    func pages<Element: Decodable>(
        _ type: Element.Type, _ path: [String], query: [(String, String)] = [],
        key: @escaping (Element) -> String, until isEnough: (Element) -> Bool = { _ in false },
        trim: (Element) -> Element = { $0 }, missing: () async throws -> any Error
    ) async throws -> [Element] {
        try await sized { size in
            try await pages(
                type, path, query: query, size: size, key: key, until: isEnough, trim: trim, missing: missing)
        }
    }

    private func pages<Element: Decodable>(
        _ type: Element.Type, _ path: [String], query: [(String, String)], size: Int,
        key: @escaping (Element) -> String, until isEnough: (Element) -> Bool, trim: (Element) -> Element,
        missing: () async throws -> any Error
    ) async throws -> [Element] {
        var isPromised = false
        return try await list(from: 1, size: size, key: key, until: isEnough) { page in
            let place = [("page", String(page)), ("per_page", String(size))]
            let answer = try await send(.get, path, query: query + place, accepting: [404])
            guard answer.status != 404 else { throw try await missing() }
            let elements = try answer.decoded([Element].self).map(trim)
            let next = Self.next(after: page, of: answer, count: elements.count, size: size)
            // A host that leaves pages out, goes back, or has nothing on a page that it has named, is doubted: see above.
            let isBroken = isPromised && page > 1 && elements.isEmpty
            let follows = isBroken ? page : next.map { $0 == page + 1 ? $0 : page }
            isPromised = next != nil && (answer.headers["link"] ?? answer.headers["x-next-page"]) != nil
            return ForgePage(elements: elements, total: Self.total(of: answer), next: follows)
        }
    }
}
