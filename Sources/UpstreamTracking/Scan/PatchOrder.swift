import DesiredState
import Diagnostics
import GitClient

/// Which patches a package applies, and in which order: by what the package itself says where it says so, by name where it
/// applies all that is in its folder.
struct PatchOrder {
    /// For each patch the places where it may be, the likeliest first; nil when the package names none.
    private let named: [[String]]?
    /// Whether files that are not named may be meant too, by names that macros make.
    private let isOpen: Bool

    /// - Parameter file: The content of a file of the package; nil when there is none.
    init(_ placement: PatchPlacement, file: (String) throws -> [UInt8]?) rethrows {
        let prefix = placement.prefix
        switch placement.edit {
        case .none: (named, isOpen) = (nil, false)
        case .rpm(let path, _):
            let files = try file(path).flatMap(SpecFile.init)?.patches ?? []
            // RPM looks for all of them in one folder, by the last part of the name.
            let places = files.map { file in
                let last = file.words(at: "/").last.map(String.init) ?? file
                return [Self.folder(of: path) + file, prefix + last, Self.folder(of: path) + last]
            }
            (named, isOpen) = (files.isEmpty ? nil : places, files.contains { $0.holds("%") })
        case .quilt(let path):
            let lines = (try file(path) ?? []).split(separator: 0x0A)
            // A name, and then options of patch; remarks begin with a hash sign.
            let names = lines.compactMap { line in
                line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }.first.map { String(decoding: $0, as: UTF8.self) }
            }.filter { !$0.begins(with: "#") }
            (named, isOpen) = (names.map { [placement.seriesPrefix + $0] }, false)
        }
    }

    /// The files that are applied, the first one first.
    /// - Parameter folder: Those in the folder of patches, sorted by name.
    func applied(of all: [TreeEntry], folder: [TreeEntry]) -> [TreeEntry] {
        guard let named else { return folder }
        let byPath = Dictionary(all.map { ($0.path, $0) }) { first, _ in first }
        let found = named.compactMap { places in places.lazy.compactMap { byPath[$0] }.first }
        let paths = Set(found.map(\.path))
        return found + (isOpen ? folder.filter { !paths.contains($0.path) } : [])
    }

    private static func folder(of path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
    }
}
