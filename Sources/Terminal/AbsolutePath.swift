import Foundation

/// Paths as the rest of the program wants them.
package enum AbsolutePath {
    /// A path of the command line, made absolute.
    package static func of(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }
}
