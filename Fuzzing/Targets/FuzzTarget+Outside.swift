import DesiredState
import Diagnostics
import Foundation
import GitClient

@testable import Forges
@testable import OutboundHTTP
@testable import Webhooks

extension FuzzTarget {
    /// What comes from code hosts, and what people write for the controller.
    static let outside: [FuzzTarget] = [
        // The first line says who sends, and its event; below it stands the body.
        FuzzTarget(name: "webhooks") { bytes in
            let parts = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
            let words = String(decoding: parts.first ?? [], as: UTF8.self).split(separator: " ", maxSplits: 1)
            let body = parts.count > 1 ? Array(parts[1]) : []
            guard let scheme = words.first.flatMap({ WebhookScheme(rawValue: String($0)) }) else { return }
            let secret = "canary-0815"
            let source = WebhookSource(name: "fuzz", scheme: scheme, secrets: [Secret(secret)])
            if let kept = source.storable(body) {
                promise(kept.firstRange(of: Array(secret.utf8)) == nil, "what is kept holds no secret")
            }
            guard case .hint(let hint) = scheme.reading(of: body, event: words.dropFirst().first.map(String.init))
            else {
                return
            }
            promise(hint.project != nil || !hint.addresses.isEmpty, "a hint names a project")
            for text in [hint.project, hint.reference, hint.candidate].compactMap(\.self) {
                promise(text.utf8.count <= 2048 && !text.contains("\n"), "what is taken from a body is short")
            }
        },
        // The answer of each host to each question.
        FuzzTarget(name: "forge-json") { bytes in
            let answer = ForgeAnswer(
                OutboundResponse(status: 200, headers: OutboundHeaders([]), body: bytes), forge: "fuzz",
                secrets: [Secret("canary-0815")])
            promise(!answer.words.contains("canary-0815"), "no secret is told")
            answer.isUnderstood()
        },
        FuzzTarget(name: "manifests") { bytes in
            // What a path may hold is git's matter; messages repeat it as it is.
            let files = files(in: bytes).map { path, bytes in
                DesiredStateFile(path: path.filter { $0.isLetter || ".-_/".contains($0) }, bytes: bytes)
            }
            let named = files.isEmpty ? [DesiredStateFile(path: "a.yaml", bytes: bytes)] : files
            do {
                let state = try DesiredStateReader().read(files: named)
                for resource in state.resources {
                    _ = resource.spec.json
                    _ = resource.document
                }
            } catch let error as DiagnosticsError {
                promise(!error.diagnostics.isEmpty, "a refusal says why")
                promise(error.diagnostics.allSatisfy { !$0.description.contains("\u{1B}") }, "messages are plain")
            } catch {}
        },
        FuzzTarget(name: "urls") { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            _ = RepositoryAddress(text)
            _ = IPAddress(text)
            _ = RateLimit.wait(headers: OutboundHeaders([("Retry-After", text)]), at: .init(timeIntervalSince1970: 0))
            guard let url = try? OutboundURL(text) else { return }
            promise((try? OutboundURL(url.description)) == url, "a URL reads as it is written")
            let below = url.appending([text], query: [("q", text)])
            promise(below.sharesOrigin(with: url), "nothing that is appended leads to another host")
            let isTooLong = below.description.utf8.count > OutboundURL.limit
            promise((try? OutboundURL(below.description)) != nil || isTooLong, "a longer URL is one too")
        },
    ]
}

extension ForgeAnswer {
    /// Reads it as everything that a host may be asked for, and says what it means.
    fileprivate func isUnderstood() {
        let account = ForgeAccount(id: "1", name: "sluice")
        guard let branch = try? RefName.branch("master"), let project = try? ProjectRef("land/registry") else { return }
        if let one = try? decoded(GitLabWire.MergeRequest.self) {
            _ = (one.candidate, one.state(branch: branch), one.mergeRequest(account: account), one.trimmed)
        }
        _ = try? decoded([GitLabWire.Note].self)
        if let one = try? decoded(GitLabWire.Version.self) { _ = (one.diffs ?? []).map(\.file) }
        if let all = try? decoded([GitLabWire.Status].self) { _ = all.map(\.commitStatus) }
        if let one = try? decoded(GitLabWire.Issue.self) { _ = one.issue(account: account) }
        if let one = try? decoded(PullWire.Pull.self) {
            _ = (one.candidate, one.state(branch: branch), one.mergeRequest(account: account), one.trimmed)
        }
        if let one = try? decoded(GitHubWire.Issue.self) { _ = one.issue(account: account) }
        if let all = try? decoded([GitHubWire.Status].self) { _ = all.map(\.commitStatus) }
        if let one = try? decoded(GiteeWire.File.self) { _ = one.file }
        if let one = try? decoded(GiteeWire.Issue.self) { _ = one.issue(account: account) }
        if let one = try? decoded(GerritWire.Change.self) {
            _ = (one.candidate(at: "https://g"), one.mergeRequest(at: "https://g", account: account))
            _ = (one.state(project: project, branch: branch, at: "https://g"), one.vote(on: "Verified", by: account))
            _ = one.said(by: account, patchSet: 1)
        }
        if let all = try? decoded([GerritWire.LabelDefinition].self) { _ = all.flatMap(\.hazards) }
    }
}
