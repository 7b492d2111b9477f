/// Where a secret is kept. Desired state never holds the secret itself.
public enum SecretReference: Hashable, Sendable {
    /// An absolute path of a file whose content, without the newline at its end, is the secret.
    case file(String)
    /// The name of an environment variable of the controller.
    case environment(String)
}

extension SecretReference: CustomStringConvertible {
    /// Where to look, in words; says nothing of the secret.
    public var description: String {
        switch self {
        case .file(let path): "the file \(path)"
        case .environment(let name): "the environment variable \(name)"
        }
    }
}

extension SecretReference {
    private struct Written: Sendable {
        let file: String?
        let environment: String?
    }

    static let schema: Schema<SecretReference> = {
        let object = Schema<Written>.object(
            .optional(
                "file", \.file, unrepeated(.absolutePath, "the absolute path of a file"),
                "The path of a file that holds the secret."),
            .optional(
                "environment", \.environment, unrepeated(.variableName, "the name of an environment variable"),
                "The environment variable that holds the secret."),
            make: Written.init)
        let reference: Schema<SecretReference> = object.map(
            into: { written, node, findings in
                switch (written.file, written.environment) {
                case (let path?, nil): return .file(path)
                case (nil, let name?): return .environment(name)
                case (nil, nil), (_?, _?):
                    findings.report(
                        .invalidValue, at: node.location, "expected one of the keys \"file\" and \"environment\"")
                    return nil
                }
            },
            from: { reference in
                switch reference {
                case .file(let path): Written(file: path, environment: nil)
                case .environment(let name): Written(file: nil, environment: name)
                }
            })
        return Schema(
            description: reference.description,
            read: { node, findings in
                // What stands here instead of a reference is probably the secret: no message may repeat it.
                guard case .mapping = node.content else {
                    findings.report(
                        .wrongType, at: node.location, "expected a reference to a secret, found something else",
                        hint: "desired state holds no secrets: write {file: /path} or {environment: NAME}")
                    return nil
                }
                return reference.read(node, &findings)
            }, write: reference.write)
    }()
    /// The same value, with messages that do not repeat it: who takes it for the place of the secret writes that there.
    private static func unrepeated(_ schema: Schema<String>, _ expected: String) -> Schema<String> {
        Schema(
            description: schema.description,
            read: { node, findings in
                var ignored = Findings()
                if let value = schema.read(node, &ignored), ignored.diagnostics.isEmpty { return value }
                findings.report(
                    .invalidValue, at: node.location, "expected \(expected)",
                    hint: "write where the secret is kept, not the secret")
                return nil
            }, write: schema.write)
    }
}
