import Diagnostics
import Foundation

extension SchemaSnapshot: Codable {
    private enum CodingKeys: String, CodingKey { case format, fingerprint, serverVersion, objects }

    /// The version of the JSON form.
    static let format = 1

    /// Reads a snapshot; the fingerprint in it is not looked at.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let format = try values.decode(Int.self, forKey: .format)
        guard format == Self.format else {
            throw DecodingError.dataCorruptedError(
                forKey: .format, in: values,
                debugDescription: "the format is \(format), and only \(Self.format) is known")
        }
        self.init(
            serverVersion: try values.decode(String.self, forKey: .serverVersion),
            objects: try values.decode([SchemaObject].self, forKey: .objects))
    }

    /// Writes the snapshot with its fingerprint.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(Self.format, forKey: .format)
        try values.encode(SchemaFingerprint(of: self).hex, forKey: .fingerprint)
        try values.encode(serverVersion, forKey: .serverVersion)
        try values.encode(objects, forKey: .objects)
    }

    /// Reads a snapshot from JSON as it was written.
    ///
    /// - Parameter file: how messages call where it comes from.
    /// - Throws: `schema.snapshot-unreadable`, with what is wrong and where.
    public init(json: [UInt8], file: String) throws {
        do {
            self = try JSONDecoder().decode(SchemaSnapshot.self, from: Data(json))
        } catch let error as DecodingError {
            throw SluiceError(
                "schema.snapshot-unreadable", .stalled, "\(file) is not a snapshot of a schema: \(Self.words(error))",
                hint: "write one with sluice changelog snapshot", at: SourceLocation(file: file), cause: error)
        }
    }

    private static func words(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context, _ last: (any CodingKey)? = nil) -> String {
            let path = (context.codingPath + (last.map { [$0] } ?? [])).map { key in
                key.intValue.map { "[\($0)]" } ?? key.stringValue
            }
            return path.isEmpty ? "" : " at " + path.joined(separator: ".").replacingAll(".[", with: "[")
        }
        return switch error {
        case .keyNotFound(let key, let context): "\"\(key.stringValue)\" is missing" + place(context)
        case .typeMismatch(_, let context), .valueNotFound(_, let context): "a value of another type" + place(context)
        case .dataCorrupted(let context): context.debugDescription + place(context)
        @unknown default: "it cannot be read"
        }
    }
}
