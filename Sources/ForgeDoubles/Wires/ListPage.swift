/// One page of a list, after whatever is to go wrong with it.
struct ListPage<Item> {
    let items: [Item]
    /// From 1.
    let number: Int
    let size: Int
    let total: Int

    var pages: Int { max(1, (total + size - 1) / max(1, size)) }
    var next: Int? { number < pages ? number + 1 : nil }

    /// - Parameters:
    ///   - size: How many a page has when nothing is said.
    ///   - limit: How many a page has at most, whatever is said.
    init(of all: [Item], _ call: Call, size: Int, limit: Int) {
        number = max(1, call.value("page").flatMap { Int($0) } ?? 1)
        self.size = max(1, min(limit, call.value("per_page").flatMap { Int($0) } ?? size))
        let all = call.pageFault == .emptyList ? [] : all
        total = all.count
        var shown = number
        switch call.pageFault {
        case .repeatedPage: shown = max(1, number - 1)
        case .missingPage: shown = Int.max / 2 / self.size
        case .shuffledPages:
            shown = number.isMultiple(of: 2) && number * self.size < total ? number + 1 : max(2, number - 1)
        default: break
        }
        items = Array(all.dropFirst((shown - 1) * self.size).prefix(self.size))
    }

    /// The URL of the list at another page.
    static func url(_ call: Call, page: Int, size: Int) -> String {
        let rest = call.query.filter { !["page", "per_page", "access_token", "private_token"].contains($0.name) }
        let query = (rest + [("page", String(page)), ("per_page", String(size))]).map {
            "\($0.name.queryEscaped)=\($0.value.queryEscaped)"
        }
        return "\(call.baseURL)\(call.path)?\(query.joined(separator: "&"))"
    }

    /// RFC 8288, as GitHub and GitLab write it.
    func link(_ call: Call) -> String? {
        guard pages > 1 else { return nil }
        var links: [String] = []
        func add(_ page: Int, _ relation: String) {
            links.append("<\(Self.url(call, page: page, size: size))>; rel=\"\(relation)\"")
        }
        if number > 1 { add(number - 1, "prev") }
        if let next { add(next, "next") }
        if number > 1 { add(1, "first") }
        if number < pages { add(pages, "last") }
        return links.joined(separator: ", ")
    }
}

extension String {
    /// Percent-encoded for a query or a segment of a path.
    var queryEscaped: String {
        var text = ""
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
