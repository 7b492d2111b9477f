/// Guards the one place where the YAML library itself follows aliases: it compares the keys of a mapping, and a key
/// that is a nest of aliases takes longer to compare than the universe lasts.
enum YAMLAliases {
    /// Fewer aliases than this cannot be nested into anything large.
    private static let harmless = 20

    /// Whether the text has many aliases and what may be a key made of more than a word.
    static func couldExplode(_ text: String) -> Bool {
        guard text.utf8.contains(UInt8(ascii: "*")) else { return false }
        let aliases = text.matches(of: /(?:^|[\s\[{,:?-])\*[A-Za-z0-9_.\-]/.anchorsMatchLineEndings()).count
        guard aliases >= harmless else { return false }
        let key = /(?:^|[\s\[{,-])\?\s|\*[A-Za-z0-9_.\-]+\s*:|[\]}]\s*:/
        return text.firstMatch(of: key.anchorsMatchLineEndings()) != nil
    }
}
