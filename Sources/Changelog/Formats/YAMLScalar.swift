import Yams

/// A YAML scalar as the text that Liquibase sees.
///
/// Liquibase lets its YAML library guess types and then asks for the value as a string, so `id: 010` becomes "8" and
/// `id: 1.10` becomes "1.1". These texts stand in the books: they have to be guessed the same way (YAML 1.1 rules).
enum YAMLScalar: Equatable {
    case null
    case text(String)
    case unknownTag(String)

    init(_ scalar: Node.Scalar) {
        let standard = "tag:yaml.org,2002:"
        switch scalar.tag.rawValue {
        case "": self = scalar.style == .plain ? Self(plain: scalar.string) : .text(scalar.string)
        case "!", standard + "str": self = .text(scalar.string)
        case standard + "int", standard + "float", standard + "bool", standard + "null", standard + "timestamp":
            self = Self(plain: scalar.string)
        case let other: self = .unknownTag(other)
        }
    }

    /// What an unquoted word without a tag means.
    init(plain text: String) {
        switch text {
        case "", "~", "null", "Null", "NULL": self = .null
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": self = .text("true")
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": self = .text("false")
        case ".nan", ".NaN", ".NAN": self = .text("NaN")
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .text("Infinity")
        case "-.inf", "-.Inf", "-.INF": self = .text("-Infinity")
        default:
            guard let first = text.utf8.first, first < 0x3A, first >= 0x2B else {
                // Numbers and dates begin with a digit, a sign or a point.
                self = .text(text)
                return
            }
            let resolved =
                YAMLNumber.integer(text) ?? YAMLNumber.float(text).map(JavaDouble.text) ?? YAMLTimestamp.text(text)
            self = .text(resolved ?? text)
        }
    }
}
