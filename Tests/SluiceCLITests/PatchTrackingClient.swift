import ChildProcess
import Foundation
import Testing

/// A client that asks as openEuler's patch-tracking-cli does: the same options, the same requests in the same order, the same
/// sentences and exit status, as its study recorded them (facts 1.5). Written for these tests; its looks at the code hosts'
/// pages are left out, and it speaks HTTP.
struct PatchTrackingClient {
    let server: String
    let folder: String

    /// Writes the program down.
    init(server: URL, in folder: String) throws {
        self.server = "\(server.host() ?? ""):\(server.port ?? 80)"
        self.folder = folder
        try Data(Self.program.utf8).write(to: URL(filePath: "\(folder)/client.py"))
    }

    /// What it prints. It ends with 1 when all went well, too.
    func run(_ arguments: [String], user: String? = "admin", password: String = "Test@123") async throws -> String {
        let login = user.map { ["--user", $0, "--password", password] } ?? []
        let child = Child(
            "python3", ["\(folder)/client.py"] + arguments + ["--server", server] + login,
            environment: ["PATH": "/usr/local/bin:/usr/bin:/bin"], workingDirectory: folder, outputLimit: 1 << 20,
            deadline: .seconds(600))
        let result = try await child.run()
        #expect(result.status == .exited(1), "\(result.errorText)")
        return result.outputText
    }

    private static let program = #"""
        import argparse, base64, http.client, json, os, sys, urllib.parse

        KEYS = ["version_control", "scm_repo", "scm_branch", "repo", "branch", "enabled"]
        DENIED = "Authenticate Error. Please make sure user and password are correct."


        def ask(options, method, path, body=None, login=False):
            connection = http.client.HTTPConnection(options.server, timeout=60)
            headers = {"User-Agent": "python-requests/2.24.0", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
            if body is not None:
                headers["Content-Type"] = "application/json"
            if login:
                pair = f"{options.user}:{options.password}".encode("latin-1")
                headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


        def alive(options):
            status, _ = ask(options, "HEAD", "/")
            return status in (200, 404)


        def add(options, item):
            item = {key: value for key, value in item.items() if value is not None}
            missing = [key for key in KEYS if key not in item]
            if missing:
                return "the following arguments are required: " + ", ".join("--" + key for key in missing)
            if item["enabled"].lower() not in ("true", "false"):
                return "enabled is to be true or false"
            item["enabled"] = item["enabled"].lower() == "true"
            status, text = ask(options, "POST", "/tracking", item, login=True)
            if status in (401, 403):
                return DENIED
            answer = json.loads(text)
            return None if answer["code"] == "2001" else answer["msg"]


        def read(path):
            """Not YAML: each line is cut at its first colon, and quotes and remarks stay."""
            if os.path.splitext(path)[1] != ".yaml":
                print(f"Please input yaml file. Error in {path}")
                return None
            item = {}
            for line in open(path, encoding="utf-8"):
                if ":" in line:
                    key, value = line.split(":", 1)
                    item[key.strip()] = value.strip()
            return item


        def command_add(options):
            styles = [bool(options.file), bool(options.dir), any(getattr(options, key) for key in KEYS)]
            if sum(styles) > 1:
                print("mix different usage style")
                return
            if not alive(options):
                print(f"{options.server} is unavailable.")
                return
            if options.file or options.dir:
                folder = options.dir or ""
                names = sorted(os.listdir(folder)) if folder else [options.file]
                for name in names:
                    item = read(os.path.join(folder, name))
                    if item is None:
                        continue
                    problem = add(options, item)
                    print(f"Tracking failed for {name}: {problem}" if problem
                          else f"Tracking successfully created for {name}")
                return
            item = {key: getattr(options, key) for key in KEYS}
            item["scm_commit"] = options.scm_commit
            print(add(options, item) or "Tracking successfully.")


        def command_query(options):
            if not alive(options):
                print(f"{options.server} is unavailable.")
                return
            wanted = [(key, getattr(options, key)) for key in ("repo", "branch") if getattr(options, key)]
            status, text = ask(options, "GET", f"/{options.table}?" + urllib.parse.urlencode(wanted))
            rows = json.loads(text)["data"]
            columns = sorted({key for row in rows for key in row})
            print("   ".join(columns))
            for number, row in enumerate(rows, 1):
                print(number, *[row.get(column) for column in columns])


        def command_delete(options):
            wanted = [(key, getattr(options, key)) for key in ("repo", "branch") if getattr(options, key)]
            status, text = ask(options, "DELETE", "/tracking?" + urllib.parse.urlencode(wanted), login=True)
            if status in (401, 403):
                print(DENIED)
                return
            code = json.loads(text)["code"]
            print({"2001": "Tracking delete successfully.", "6005": "Delete Nothing. Tracking not exist."}.get(code, text))


        def main():
            parser = argparse.ArgumentParser(allow_abbrev=False)
            commands = parser.add_subparsers(dest="command", required=True)
            words = {"add": KEYS + ["scm_commit", "file", "dir", "user", "password"], "query": ["table", "repo", "branch"],
                     "delete": ["repo", "branch", "user", "password"]}
            for command, names in words.items():
                one = commands.add_parser(command, allow_abbrev=False)
                for name in ["server"] + names:
                    one.add_argument("--" + name)
            options = parser.parse_args()
            {"add": command_add, "query": command_query, "delete": command_delete}[options.command](options)
            # It compares what its functions give back, which is nothing, with a word: it always fails.
            return 1


        sys.exit(main())
        """#
}
