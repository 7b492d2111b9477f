import GitClient

/// GitHub's JSON beyond what it shares with Gitee.
enum GitHubWire {
    struct Reference: Decodable {
        let ref: String
        let object: Object

        struct Object: Decodable {
            let sha: String
        }
    }

    struct File: Decodable {
        let filename: String
        let previous_filename: String?
        let status: String?

        var file: CandidateFile {
            let change: CandidateFile.Change =
                switch status {
                case "added": .added
                case "removed": .deleted
                case "modified", "changed": .modified
                case "renamed": .renamed
                case "copied": .copied
                default: .unknown
                }
            return CandidateFile(path: filename, oldPath: previous_filename, change: change)
        }
    }

    struct Status: Decodable {
        let id: Int
        let state: String?
        let context: String?
        let description: String?
        let target_url: String?
        let creator: PullWire.User?

        var commitStatus: CommitStatus {
            let become: CommitStatus.State =
                switch state {
                case "pending": .pending
                case "success": .success
                case "failure", "error": .failed
                case let word: .unknown(word ?? "")
                }
            return CommitStatus(
                context: context ?? "", state: become, summary: description ?? "",
                webURL: target_url?.isEmpty == true ? nil : target_url)
        }
    }

    struct NewStatus: Encodable {
        let state: String
        let context: String
        let description: String
        let target_url: String?
    }

    struct CheckRuns: Decodable {
        let check_runs: [CheckRun]
    }

    struct CheckRun: Decodable {
        let id: Int
        let name: String?
        let status: String?
        let conclusion: String?
        let app: App?
        let output: Output?

        struct App: Decodable {
            let slug: String?
        }

        struct Output: Decodable {
            let title: String?
        }

        /// What it says, as a verdict; nil for what no verdict looks like.
        var verdict: Verdict? {
            switch (status, conclusion) {
            case ("completed"?, "success"?): .success
            case ("completed"?, "failure"?): .failed
            case ("queued"?, _), ("in_progress"?, _): .unknown
            default: nil
            }
        }
    }

    struct CheckRunEdit: Encodable {
        let name: String
        var head_sha: String?
        let status: String
        let conclusion: String?
        let output: Output

        struct Output: Encodable {
            let title: String
            let summary: String
        }

        init(_ report: VerdictReport, name: String, isNew: Bool) {
            self.name = name
            head_sha = isNew ? report.revision.hex : nil
            status = report.verdict == .unknown ? "in_progress" : "completed"
            conclusion =
                switch report.verdict {
                case .success: "success"
                case .failed: "failure"
                case .unknown: nil
                }
            output = Output(title: report.summary, summary: VerdictComment(report).text)
        }
    }

    struct Branch: Decodable {
        let protected: Bool?
        let protection: Protection?

        struct Protection: Decodable {
            let required_status_checks: Checks?

            struct Checks: Decodable {
                let contexts: [String]?
            }
        }
    }

    struct Issue: Decodable {
        let number: Int
        let title: String?
        let body: String?
        let state: String?
        let user: PullWire.User?
        let labels: [PullWire.Label]?
        let html_url: String?
        let pull_request: PullRequest?

        /// There for pull requests, which are issues too.
        struct PullRequest: Decodable {}

        func issue(account: ForgeAccount) -> Forges.Issue? {
            guard pull_request == nil, let id = try? IssueID(String(number)) else { return nil }
            let become: Forges.Issue.State =
                switch state {
                case "open": .open
                case "closed": .closed
                case let word: .unknown(word ?? "")
                }
            return Forges.Issue(
                id: id, title: title ?? "", body: body ?? "", state: become, labels: (labels ?? []).map(\.name),
                isOurs: user.map { String($0.id) } == account.id, webURL: html_url)
        }
    }

    struct IssueEdit: Encodable {
        let title: String
        let body: String
        let labels: [String]
        var state: String?
    }

    struct Labels: Encodable {
        let labels: [String]
    }

    struct Merge: Encodable {
        let sha: String
        let merge_method = "merge"
        let commit_title: String?
        let commit_message: String?
    }

    struct Merged: Decodable {
        let sha: String?
        let merged: Bool?
    }

    struct NewReference: Encodable {
        let ref: String
        let sha: String
    }

    struct Query: Encodable {
        let query: String
    }

    struct Viewer: Decodable {
        let data: Data

        struct Data: Decodable {
            let viewer: Account

            struct Account: Decodable {
                let login: String
                let databaseId: Int?
            }
        }
    }
}

extension CommitStatus.State {
    /// The state in GitHub's words, which are fewer.
    var gitHubWord: String {
        switch self {
        case .pending, .running, .unknown: "pending"
        case .success: "success"
        case .failed: "failure"
        case .cancelled: "error"
        }
    }
}
