import Terminal
import TestSupport
import Testing

@testable import SluiceCLI

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "Each way to go wrong has its exit code",
        arguments: [
            (["--help"], Terminal.ExitStatus.ok), (["--version"], .ok), (["version"], .ok), (["help", "get"], .ok),
            (["serve", "--help"], .ok), (["changelog", "--help"], .ok), (["gett"], .usage),
            (["get", "--what"], .usage),
            (["get", "foo"], .usage), (["plan", "candidate"], .usage), (["history", "--limit", "0"], .usage),
            (["serve"], .usage), (["serve", "--config", "x", "--listen", "nowhere"], .usage),
            (["reconcile", "registry/a", "--timeout", "soon"], .usage), (["get", "--server", "ftp://x"], .usage),
            (["validate", "/nonexistent"], .notFound), (["get", "--server", "http://127.0.0.1:1"], .unreachable),
            (["changelog", "generate-changelog"], .notFound), (["changelog", "rollback"], .usage),
            (["changelog", "status", "--changelog-file", "x"], .usage),
        ])
    func exitCodes(arguments: [String], expected: Terminal.ExitStatus) async {
        let recorder = Recorder()
        let console = Console(output: { recorder.append($0) }, talk: { recorder.append($0) })
        let context = CommandContext(console: console, environment: [:], executable: "")
        #expect(await Sluice.run(arguments, in: context) == expected, "\(arguments): \(recorder.text)")
        #expect(!recorder.text.isEmpty)
    }

    @Test("Exit codes are those that are written down, and no two are the same")
    func exitCodeTable() {
        #expect(Terminal.ExitStatus.allCases.map(\.rawValue) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 20])
        #expect(Set(Terminal.ExitStatus.allCases.map(\.meaning)).count == Terminal.ExitStatus.allCases.count)
    }

    @Test("Help is data, mistakes are talk")
    func streams() async {
        let help = await Invocation.run("get", "--help")
        #expect(help.output.contains("sluice get candidates") && help.talk.isEmpty)
        let mistake = await Invocation.run("gett")
        #expect(mistake.output.isEmpty && mistake.talk.contains("gett"))
    }

    @Test("A mistyped kind is answered with the kind that was meant")
    func suggestion() async {
        #expect(await Invocation.run("get", "candidats").talk.contains("did you mean candidate"))
    }

    @Test("B-12: no name of a stranger, in files or on the command line, reaches the terminal as a command to it")
    func foreignNames() async throws {
        let bad = "\u{1B}[2J\u{202E}\u{7}\u{9B}31m"
        try await withTemporaryDirectory { directory in
            try write(
                [
                    "state/a\(bad).yaml": "kind: \"\(bad)\"\n\(bad): 1\n", "state/b\(bad).yml": "kind: {\n",
                    "Puppetfile\(bad)": "mod 'a/\(bad)', git: '\(bad)'\n",
                    "log\(bad).yaml": "databaseChangeLog: [\(bad)]\n",
                ], below: directory)
            for line in [
                ["validate", "\(directory)/state"], ["validate", "\(directory)/state/a\(bad).yaml"],
                ["validate", "/nonexistent\(bad)"], ["puppetfile", "check", "\(directory)/Puppetfile\(bad)"],
                ["puppetfile", "check", "\(directory)/none\(bad)"], ["get", bad], ["get", "--\(bad)"], [bad],
                ["explain", "candidate/\(bad)", "--server", "http://127.0.0.1:1"], ["schema", bad],
                ["hooks", "install", "\(directory)/none\(bad)"], ["apply", "-f", "\(directory)/none\(bad)"],
                ["changelog", "lint", "--changelog-file", "log\(bad).yaml", "--search-path", directory],
                ["changelog", "validate", "--changelog-file", "log\(bad).yaml", "--search-path", directory],
            ] {
                let result = await Invocation.record { await Sluice.run(line, in: $0) }
                let said = result.output + result.talk
                let commands = said.unicodeScalars.filter {
                    $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
                }
                #expect(commands.isEmpty, "\(line): \(said.debugDescription)")
                #expect(!said.isEmpty, "\(line)")
            }
        }
    }

    @Test("Our own colours are shown, a stranger's are not, and documents go out as they are")
    func paint() throws {
        let recorder = Recorder()
        let console = Console(output: { recorder.append($0) }, talk: { recorder.append($0) }, usesColour: true)
        try console.print(console.paint("a\u{1B}[2Jb", .red) + "\u{1B}[38;5;1mc\r\n\u{1B}")
        console.say("\u{9B}2Jd\te")
        try console.printExactly("{\"a\": \"\u{1B}\t\"}")
        #expect(
            recorder.text
                == "\u{1B}[31ma [2Jb\u{1B}[0m [38;5;1mc \n \n 2Jd e\n{\"a\": \"\u{1B}\t\"}\n")
    }

    @Test("Whoever closes our output is not told about it")
    func closedPipe() async {
        let context = CommandContext(
            console: Console(output: { _ in throw Console.ReaderGone() }, talk: { _ in }), environment: [:],
            executable: "")
        #expect(await Sluice.run(["version"], in: context) == .ok)
        #expect(await Sluice.run(["--help"], in: context) == .ok)
    }

    @Test(
        "Colours follow NO_COLOR, CLICOLOR_FORCE, TERM and the terminal",
        arguments: [
            ([:], true, true), ([:], false, false), (["NO_COLOR": "1"], true, false), (["NO_COLOR": ""], true, true),
            (["TERM": "dumb"], true, false), (["CLICOLOR_FORCE": "1"], false, true),
            (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], true, false),
        ] as [([String: String], Bool, Bool)])
    func colours(environment: [String: String], isTerminal: Bool, expected: Bool) {
        #expect(Console.allowsColour(environment, isTerminal: isTerminal) == expected)
    }
}
