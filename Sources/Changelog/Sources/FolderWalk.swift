import Diagnostics
import Glibc

/// One walk through a folder, bounded in files and depth.
///
/// Symbolic links are left out: whoever names one gets the error, whoever lists a folder need not know of it.
struct FolderWalk {
    private(set) var files: [String] = []
    private let limit: Int
    private static let depthLimit = 64

    init(limit: Int) { self.limit = limit }

    mutating func visit(_ folder: borrowing OpenedFile, path: String, depth: Int = 0) throws {
        guard depth < Self.depthLimit else {
            throw SluiceError("changelog.too-deep", .stalled, "folders stand too deep below '\(path.prefix(100))'")
        }
        for entry in try folder.entries() {
            let entryPath = path.isEmpty ? entry.name : path + "/" + entry.name
            switch entry.kind {
            case .folder:
                let flags = O_DIRECTORY | O_NOFOLLOW
                if let inner = try OpenedFile.open(entry.name, at: folder.descriptor, flags: flags, name: entryPath) {
                    try visit(inner, path: entryPath, depth: depth + 1)
                }
            case .file:
                files.append(entryPath)
                guard files.count <= limit else {
                    throw SluiceError("changelog.too-large", .stalled, "the folder holds more than \(limit) files")
                }
            case .other: continue
            }
        }
    }
}
