import Diagnostics

/// Which files of a folder `includeAll` takes, and in which order.
struct IncludeAllSelection {
    /// A file directly in the folder has depth 1.
    var minimumDepth = 0
    var maximumDepth = Int.max
    /// The end of the path, in lower case.
    var suffix: String?

    func apply(to files: [String], below base: String) -> [String] {
        let skipped = base.isEmpty ? 0 : base.utf8.count + 1
        let taken = files.filter { file in
            let depth = file.utf8.dropFirst(skipped).count { $0 == UInt8(ascii: "/") } + 1
            return depth >= minimumDepth && depth <= maximumDepth && suffix.map(file.lowercased().ends(with:)) ?? true
        }
        // The order of Java's strings: UTF-16 units. The prefix of web archives does not count.
        let keyed = taken.map { (key: Array($0.replacingAll("WEB-INF/classes/", with: "").utf16), file: $0) }
        return keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.file)
    }
}
