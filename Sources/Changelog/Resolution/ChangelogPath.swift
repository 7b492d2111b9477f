import Diagnostics

/// A path that a changelog writes, made into a path that a ``ChangelogSource`` may be asked for.
///
/// Nothing leaves the root: a path that climbs above it, names a device or a scheme is refused before anything is
/// looked up.
struct ChangelogPath: Hashable {
    /// Why a path is refused.
    enum Refusal: String, Error {
        case empty = "changelog.path-empty"
        case aboveRoot = "changelog.path-above-root"
        case device = "changelog.path-device"
        case scheme = "changelog.path-scheme"
        case control = "changelog.path-control"

        var sentence: String {
            switch self {
            case .empty: "the path is empty"
            case .aboveRoot: "the path leads above the root of the changelog"
            case .device: "the path names a device or a drive"
            case .scheme: "the path names a scheme; only 'classpath:' is known"
            case .control: "the path holds control characters"
            }
        }
    }

    /// Without prefix, `.`, `..`, doubled slashes and backslashes; never with a slash at either end.
    let normalized: String
    /// Whether it was written with a slash in front. Liquibase takes it for the root of the search path.
    let isAbsolute: Bool

    /// A path from the root, or, with `sibling`, from the folder of that (already normalised) file.
    init(_ written: String, besides sibling: String? = nil) throws(Refusal) {
        guard !written.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { throw .control }
        var path = written.replacingAll("\\", with: "/")
        if let rest = path.rest(after: "classpath*:") ?? path.rest(after: "classpath:") { path = String(rest) }
        let isPrefixed = path.utf8.count != written.utf8.count
        if path.utf8.dropFirst().first == UInt8(ascii: ":"), path.first?.isLetter == true { throw .device }
        if path.holds(":") { throw .scheme }
        isAbsolute = sibling == nil && !isPrefixed && path.begins(with: "/")
        var parts: [Substring] = sibling?.words(at: "/").dropLast() ?? []
        for part in path.words(at: "/") where part != "." {
            if part == ".." {
                guard parts.popLast() != nil else { throw .aboveRoot }
            } else if Self.isDevice(part) {
                throw .device
            } else {
                parts.append(part)
            }
        }
        normalized = parts.joined(separator: "/")
    }

    /// The names that Windows gives to devices, with any extension.
    private static func isDevice(_ part: Substring) -> Bool {
        let name = part.parts(at: ".").first?.uppercased() ?? ""
        if ["CON", "PRN", "AUX", "NUL"].contains(name) { return true }
        guard name.utf8.count == 4, name.begins(with: "COM") || name.begins(with: "LPT") else { return false }
        return name.utf8.last.map { $0 >= UInt8(ascii: "1") && $0 <= UInt8(ascii: "9") } ?? false
    }
}
