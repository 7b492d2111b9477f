import ChildProcess
import Diagnostics

/// Git's own server program, `git http-backend`, as a CGI child: what fetches from and pushes to a double is real git.
struct GitBackend: Sendable {
    let searchPath: String

    /// What is asked of a repository, when a path asks for git.
    struct Question: Equatable {
        /// The project's path without `.git`.
        let project: String
        /// What follows it: `/info/refs`, `/git-upload-pack` or `/git-receive-pack`.
        let operation: String

        /// Whether something is to be pushed.
        func isPush(_ call: Call) -> Bool {
            operation == "/git-receive-pack" || call.value("service") == "git-receive-pack"
        }

        init?(path: String) {
            for operation in ["/info/refs", "/git-upload-pack", "/git-receive-pack"] where path.ends(with: operation) {
                var project = path.dropLast(operation.count).drop { $0 == "/" }
                if project.ends(with: ".git") { project = project.dropLast(4) }
                guard !project.isEmpty else { return nil }
                self.project = String(project)
                self.operation = operation
                return
            }
            return nil
        }
    }

    /// Runs the program and reads its answer.
    func answer(_ question: Question, _ call: Call, repository: String, user: StoredAccount?) async throws -> Reply {
        var environment = [
            "PATH": searchPath, "HOME": "/nonexistent", "LC_ALL": "C", "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_PROJECT_ROOT": repository, "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": question.operation, "REQUEST_METHOD": call.method,
            "QUERY_STRING": call.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&"),
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": call.headers["content-type"] ?? "",
            "CONTENT_LENGTH": String(call.body.count), "SERVER_PROTOCOL": "HTTP/1.1",
            "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*",
        ]
        // http-backend inflates the body itself, and lets those push whom the server has named.
        if let encoding = call.headers["content-encoding"] { environment["HTTP_CONTENT_ENCODING"] = encoding }
        if let version = call.headers["git-protocol"] { environment["GIT_PROTOCOL"] = version }
        if let user { environment["REMOTE_USER"] = user.login }
        let result = try await Child(
            "git", ["http-backend"], environment: environment, workingDirectory: repository, input: call.body,
            outputLimit: 512 << 20, deadline: .seconds(120)
        ).run()
        guard result.status.isSuccess, let reply = Self.reply(result.standardOutput) else {
            throw SluiceError(
                "forge-double.git-failed", .stalled, "git http-backend failed", detail: result.errorText)
        }
        return reply
    }

    /// RFC 3875: header lines, an empty line, the body; `Status:` names a status other than 200.
    private static func reply(_ output: [UInt8]) -> Reply? {
        guard let end = output.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        var reply = Reply(200, body: Array(output[end.upperBound...]))
        for line in String(decoding: output[..<end.lowerBound], as: UTF8.self).parts(between: "\r\n").filter({
            !$0.isEmpty
        }) {
            let parts = line.words(at: ":", maxSplits: 1)
            guard parts.count == 2, let name = parts.first, let value = parts.last?.trimming(" ") else { continue }
            if name.lowercased() == "status" {
                reply.status = Int(value.prefix(3)) ?? 500
            } else {
                reply.headers.append((String(name), value))
            }
        }
        return reply
    }
}
