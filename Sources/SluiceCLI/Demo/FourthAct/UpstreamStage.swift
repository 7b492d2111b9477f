import Diagnostics
import Foundation
import Terminal

/// Upstream's author and the package's maintainer, each with real git in a clone of their own.
struct UpstreamStage: Sendable {
    let directories: DemoDirectories
    let git: AuthorGit
    let narrator: Narrator

    /// Projects of the local forge.
    static let (upstream, package) = ("upstream/tool", "packages/tool")
    /// Where the patches go.
    static let branch = "patch-tracking/tool/main"

    static let manifest = """
        kind: Upstream
        metadata:
          name: tool
        spec:
          source: {forge: local, project: \(upstream), branch: main}
          package: {forge: local, project: \(package), branch: master, sources: .}
          patches:
            folder: patches
            edit: {rpm: {spec: tool.spec}}
          interval: 1h
        """

    /// The desired state of the act.
    static func manifests(repositories: String) -> [String: String] {
        SampleRegistry.manifests(repositories: repositories).filter { $0.key == "forge.yaml" }.merging([
            "upstream.yaml": "apiVersion: sluice.dev/v1alpha1\n\(manifest)\n"
        ]) { first, _ in first }
    }

    /// Twenty lines, some of them others.
    static func source(_ lines: [Int: String] = [:]) -> String {
        (1...20).map { "\(lines[$0] ?? "int option_\($0);")\n" }.joined()
    }

    private static let spec = """
        Name: tool
        Version: 1.0
        Release: 1
        Source0: tool.tar.gz

        %description
        A tool.

        %prep
        %autosetup -p1

        %changelog

        """

    func clone(of project: String) -> String { "\(directories.root)/\(project.replacingAll("/", with: "-"))" }

    /// Makes both repositories.
    func prepare() async throws {
        for (project, branch, files) in [
            (Self.upstream, "main", ["tool.c": Self.source()]),
            (Self.package, "master", ["tool.c": Self.source([5: "int option_5 = 1;"]), "tool.spec": Self.spec]),
        ] {
            let bare = "\(directories.repositories)/\(project).git"
            try FileManager.default.createDirectory(atPath: bare, withIntermediateDirectories: true)
            try await git.run(["init", "--quiet", "--bare", "--initial-branch=\(branch)", "."], in: bare)
            try await git.run(["clone", "--quiet", bare, clone(of: project)], in: directories.root)
            try await commit(files, of: project, message: "Begin")
            try await run(project, "push", "--quiet", "origin", branch)
        }
    }

    /// Commits files in a clone; gives the commit.
    @discardableResult
    func commit(_ files: [String: String], of project: String, message: String) async throws -> String {
        try DemoDirectories.write(files, below: clone(of: project))
        try await run(project, "add", "--all")
        try await run(project, "commit", "--quiet", "--message", message)
        return try await run(project, "rev-parse", "HEAD")
    }

    /// Three commits of upstream and a merge, pushed. Gives where the branch stands.
    func develop() async throws -> String {
        try await commit(
            ["tool.c": Self.source([4: "long option_4;"])], of: Self.upstream, message: "Widen option 4")
        try await run(Self.upstream, "checkout", "--quiet", "-b", "colours", "HEAD~1")
        try await commit(["colours.c": "int colours;\n"], of: Self.upstream, message: "Add colours")
        try await run(Self.upstream, "checkout", "--quiet", "main")
        try await run(Self.upstream, "merge", "--quiet", "--no-ff", "--message", "Merge colours", "colours")
        let head = try await commit(
            ["tool.c": Self.source([4: "long option_4;", 18: "long option_18;"])], of: Self.upstream,
            message: "Widen option 18")
        try await push()
        return head
    }

    /// Takes upstream's last commit back by force, and goes on from before it.
    func rewrite() async throws -> String {
        try await run(Self.upstream, "reset", "--quiet", "--hard", "HEAD~1")
        let head = try await commit(["notes": "again\n"], of: Self.upstream, message: "Begin notes")
        try await run(Self.upstream, "push", "--quiet", "--force", "origin", "main")
        try narrator.command("git push --force origin main     # upstream, without its last commit")
        return head
    }

    /// Merges the patches into the package, as its maintainer does.
    func accept() async throws {
        try await run(Self.package, "fetch", "--quiet", "--prune")
        try await run(
            Self.package, "merge", "--quiet", "--no-ff", "--message", "Take upstream's patches",
            "origin/\(Self.branch)")
        try await run(Self.package, "push", "--quiet", "origin", "master")
        try narrator.command("git merge --no-ff \(Self.branch)     # by the package's maintainer")
    }

    /// Applies the patches of the branch to upstream's beginning by the real git: whether that gives upstream's files.
    func appliesByGit() async throws -> Bool {
        try await run(Self.package, "fetch", "--quiet", "--prune")
        let names = try await run(
            Self.package, "ls-tree", "-r", "--name-only", "origin/\(Self.branch)", "patches"
        ).words(at: "\n").map(String.init)
        try await run(Self.upstream, "checkout", "--quiet", "--detach", "main~3")
        for name in names {
            let text = try await run(Self.package, "show", "origin/\(Self.branch):\(name)")
            try DemoDirectories.write(["one.patch": "\(text)\n"], below: directories.root)
            try await run(Self.upstream, "am", "--quiet", "\(directories.root)/one.patch")
        }
        let trees = try await run(Self.upstream, "rev-parse", "HEAD^{tree}", "main^{tree}")
        try await run(Self.upstream, "checkout", "--quiet", "main")
        return Set(trees.words(at: "\n")).count == 1
    }

    /// The branches of the package's repository.
    func branches() async throws -> [String] {
        try await git.run(
            ["for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads"],
            in: "\(directories.repositories)/\(Self.package).git"
        ).words(at: "\n").map(String.init)
    }

    private func push() async throws {
        try await run(Self.upstream, "push", "--quiet", "origin", "main")
        try narrator.command("git push origin main     # upstream: three commits and a merge")
    }

    @discardableResult
    private func run(_ project: String, _ arguments: String...) async throws -> String {
        try await git.run(arguments, in: clone(of: project))
    }
}
