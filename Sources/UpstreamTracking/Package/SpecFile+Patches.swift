import Diagnostics

extension SpecFile {
    /// The files of the patches that the package applies, in that order: as `%prep` names them one by one, or else as they
    /// are declared. Of macros only the name and the version are known; others stay as they are written.
    var patches: [String] {
        let declared = declared(before: preambleEnd)
        let known = ["name", "version"].compactMap { tag in
            lines[..<preambleEnd].first { isTag($0, tag) }.map { ("%{\(tag)}", Self.value(of: $0)) }
        }
        let chosen = applied.map { numbers in
            numbers.compactMap { number in declared.first { $0.number == number } }
        }
        return (chosen ?? declared).map { patch in
            known.reduce(patch.file) { $0.replacingAll($1.0, with: $1.1) }
        }
    }

    /// The patches that the main package's tags declare, with their numbers; one without a number has the next.
    func declared(before end: Int) -> [(number: Int, file: String)] {
        var found: [(number: Int, file: String)] = []
        for line in lines[..<end] where isTag(line, "patch") {
            let digits = Self.tag(of: line)?.digits ?? ""
            guard let number = digits.isEmpty ? (found.last?.number ?? -1) + 1 : Int(digits), number < 1 << 31 else {
                continue
            }
            found.append((number, Self.value(of: line)))
        }
        return found
    }

    /// The numbers of the patches that `%prep` names one by one; nil when it leaves them to a macro, or names none.
    private var applied: [Int]? {
        guard let prep = preparation else { return nil }
        let body = lines[prep]
        if body.contains(where: Self.appliesAll) { return nil }
        let numbers = body.flatMap(Self.patchNumbers)
        return numbers.isEmpty ? nil : numbers
    }

    /// The numbers in a line `%patch1 -p1`, `%patch 1 -p1` or `%patch -P 1 -p1`.
    private static func patchNumbers(in line: String) -> [Int] {
        guard line.begins(with: "%patch") else { return [] }
        let words = line.utf8.split(whereSeparator: \.isSpecBlank).map { String(decoding: $0, as: UTF8.self) }
        guard let first = words.first else { return [] }
        if first.utf8.count > 6 { return Int(first.dropFirst(6)).map { [$0] } ?? [] }
        let rest = words.dropFirst()
        let options = rest.indices.compactMap { index -> Int? in
            guard rest[index].begins(with: "-P") else { return nil }
            let joined = rest[index].dropFirst(2)
            return joined.isEmpty ? rest[(index + 1)...].first.flatMap { Int($0) } : Int(joined)
        }
        return options.isEmpty ? rest.first.flatMap { Int($0) }.map { [$0] } ?? [] : options
    }

    /// What a tag is set to.
    static func value(of line: String) -> String {
        tag(of: line)?.value.utf8.split(whereSeparator: \.isSpecBlank).first.map { String(decoding: $0, as: UTF8.self) }
            ?? ""
    }
}
