import Diagnostics
import Foundation
import TestSupport
import Testing

@testable import Webhooks

extension RecordedPayload {
    /// Who sends it; nil for what no forge sends.
    var scheme: WebhookScheme? { WebhookScheme.allCases.first { rawValue.hasPrefix($0.rawValue) } }

    static var ofForges: [RecordedPayload] { allCases.filter { $0.scheme != nil } }

    func read(_ text: String) -> WebhookReading? { scheme?.reading(of: Array(text.utf8), event: event) }
}

@Suite("What a webhook hints at")
struct HintTests {
    @Test("A forge's webhook says which project to look at, and where in it", arguments: RecordedPayload.ofForges)
    func hints(payload: RecordedPayload) throws {
        let expected: (project: String, reference: String?, candidate: String?)? =
            switch payload {
            case .githubPush, .gitlabPush, .giteePush: ("registries/land", "refs/heads/master", nil)
            case .githubPullRequest: ("registries/land", nil, "12")
            case .githubCreate: ("registries/land", "refs/heads/visits", nil)
            case .gitlabMergeRequest: ("registries/land", nil, "4")
            case .giteeMergeRequest: ("registries/land", nil, "7")
            case .gerritPatchset, .gerritMerged: ("registry-regulations", "refs/heads/master", "4107")
            case .gerritRefUpdated: ("registry-regulations", "refs/heads/master", nil)
            case .gitlabNote, .localPush: nil
            }
        let reading = try #require(payload.read(payload.text))
        guard let expected else {
            #expect(reading == .nothing("\"note\" changes nothing that is judged"))
            return
        }
        guard case .hint(let hint) = reading else {
            Issue.record("\(reading)")
            return
        }
        #expect(hint.project == expected.project)
        #expect(hint.reference == expected.reference)
        #expect(hint.candidate == expected.candidate)
    }

    @Test("Every way in which a body writes its repository is one address")
    func addresses() throws {
        guard case .hint(let hint)? = RecordedPayload.gitlabPush.read(RecordedPayload.gitlabPush.text) else {
            Issue.record("no hint")
            return
        }
        #expect(hint.addresses == [try #require(RepositoryAddress("https://gitlab.example.org/registries/land"))])
    }

    @Test(
        "What our own votes, comments and statuses cause does not wake us",
        arguments: [
            (WebhookScheme.gerrit, #"{"type":"comment-added","project":"land"}"#, nil),
            (
                .gerrit,
                #"{"type":"ref-updated","refUpdate":{"project":"land","refName":"refs/changes/07/4107/meta"}}"#, nil
            ),
            (.gerrit, #"{"type":"ref-updated","refUpdate":{"project":"land","refName":"refs/notes/verified"}}"#, nil),
            (.github, #"{"repository":{"full_name":"registries/land"},"state":"success"}"#, "status"),
            (.github, #"{"repository":{"full_name":"registries/land"}}"#, "issue_comment"),
            (.gitlab, #"{"object_kind":"pipeline","project":{"path_with_namespace":"registries/land"}}"#, nil),
            (.gitee, #"{"hook_name":"note_hooks","repository":{"full_name":"registries/land"}}"#, nil),
            (.github, #"{"ref":"refs/tags/v1","repository":{"full_name":"registries/land"}}"#, "push"),
            (.github, #"{"ref":"v1","ref_type":"tag","repository":{"full_name":"registries/land"}}"#, "create"),
        ])
    func nothing(scheme: WebhookScheme, body: String, event: String?) {
        guard case .nothing = scheme.reading(of: Array(body.utf8), event: event) else {
            Issue.record("\(scheme.reading(of: Array(body.utf8), event: event))")
            return
        }
    }

    @Test(
        "B-05 A top level that is no object is an error in the data",
        arguments: [
            "null", "[]", "[{}]", "1", "-1.5e300", "true", #""text""#, "", " ", "{", "}", "{]", #"{"a"}"#, "\u{0}",
            "{\"type\":\"push\"", "<html></html>", "payload=%7B%7D", #"{"a":1}{"b":2}"#, "NaN", "\u{FEFF}[]",
        ])
    func topLevel(body: String) {
        for scheme in WebhookScheme.allCases {
            guard case .unreadable = scheme.reading(of: Array(body.utf8), event: "push") else {
                Issue.record("\(scheme): \(scheme.reading(of: Array(body.utf8), event: "push"))")
                return
            }
        }
    }

    @Test("B-05 Nesting without end, broken UTF-8 and numbers of a thousand digits trap nothing")
    func extremes() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 500_000)
        let digits = #"{"number":"# + String(repeating: "9", count: 1000) + "}"
        let keys = "{" + (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",") + "}"
        let broken: [UInt8] = Array(#"{"ref":""#.utf8) + [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80] + Array(#""}"#.utf8)
        let surrogates = Array(#"{"ref":"\ud800\ud800","repository":{"full_name":"\u0000"}}"#.utf8)
        for body in [
            deep, Array(#"{"repository":"#.utf8) + deep, Array(digits.utf8), Array(keys.utf8), broken, surrogates,
        ] {
            for scheme in WebhookScheme.allCases {
                if case .hint(let hint) = scheme.reading(of: body, event: "push") { Issue.record("\(hint)") }
            }
        }
    }

    @Test("A name with what cannot be seen, or longer than names are, is no name")
    func names() throws {
        for name in ["", "a\nb", "a\u{202E}b", "a\u{0}", String(repeating: "x", count: 1025)] {
            let body = try JSONSerialization.data(withJSONObject: ["repository": ["full_name": name]])
            #expect(
                WebhookScheme.github.reading(of: Array(body), event: "push")
                    == .unreadable("it does not say which project it is about"))
        }
    }
}

@Suite("Every mutation of a recorded payload")
struct PayloadMutationTests {
    @Test(
        "B-05 Each member removed, or of each other type, in turn: a hint, nothing for us, or an error in the data",
        arguments: RecordedPayload.ofForges)
    func sweep(payload: RecordedPayload) throws {
        var count = 0
        for mutant in try PayloadMutation.all(of: payload.text) {
            guard let reading = payload.read(mutant.text) else { continue }
            count += 1
            if case .hint(let hint) = reading {
                #expect(hint.project != nil || !hint.addresses.isEmpty, "\(mutant.name)")
                #expect(hint.project.map { (1...1024).contains($0.utf8.count) } ?? true, "\(mutant.name)")
            }
        }
        #expect(count > 50)
    }

    @Test("B-05 Each prefix of a recorded payload is an error in the data", arguments: RecordedPayload.ofForges)
    func prefixes(payload: RecordedPayload) {
        let bytes = Array(payload.text.utf8)
        for length in bytes.indices {
            guard case .unreadable? = payload.scheme?.reading(of: Array(bytes[..<length]), event: payload.event) else {
                Issue.record("the first \(length) bytes")
                return
            }
        }
    }
}

@Suite("What is kept of a body")
struct StoredBodyTests {
    @Test("B-09 Gitee's password is in no body that is kept")
    func gitee() throws {
        let source = WebhookSource.of(.gitee, "this is secret")
        for payload in [RecordedPayload.giteePush, .giteeMergeRequest] {
            let kept = String(decoding: try #require(source.storable(Array(payload.text.utf8))), as: UTF8.self)
            #expect(!kept.contains("this is secret"))
            #expect(!kept.contains("2D978FIy4DMMTbiN80z"))
            #expect(payload.read(kept) == payload.read(payload.text))
        }
        let escaped = #"{"hook":{"password":"this is\u0020secret"},"note":["why this is secret?"]}"#
        let kept = String(decoding: try #require(source.storable(Array(escaped.utf8))), as: UTF8.self)
        #expect(kept == #"{"hook":{"password":"•••"},"note":["•••"]}"#)
    }

    @Test("A body in which a secret stands where none can be taken out is not kept")
    func unreadable() {
        #expect(WebhookSource.of(.gitee, "this is secret").storable(Array("this is secret".utf8)) == nil)
        #expect(WebhookSource.of(.github, "abcd").storable(Array("[\"abcd\"]".utf8)) == nil)
        #expect(WebhookSource.of(.github, "abcd").storable(Array("[1]".utf8)) == Array("[1]".utf8))
    }
}
