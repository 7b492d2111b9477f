/// Gitee's JSON beyond what it shares with GitHub.
enum GiteeWire {
    struct Branch: Decodable {
        let name: String
        let commit: Commit

        struct Commit: Decodable {
            let sha: String
        }
    }

    struct File: Decodable {
        let filename: String
        let status: String?
        let patch: Patch?

        struct Patch: Decodable {
            let old_path: String?
            let new_file: Bool?
            let renamed_file: Bool?
            let deleted_file: Bool?
        }

        var file: CandidateFile {
            let change: CandidateFile.Change =
                if patch?.renamed_file == true {
                    .renamed
                } else if patch?.new_file == true || status == "added" {
                    .added
                } else if patch?.deleted_file == true || status == "deleted" || status == "removed" {
                    .deleted
                } else if status == "renamed" { .renamed } else { .modified }
            return CandidateFile(
                path: filename, oldPath: change == .renamed ? patch?.old_path : nil, change: change)
        }
    }

    struct Issue: Decodable {
        let number: String
        let title: String?
        let body: String?
        let state: String?
        let user: PullWire.User?
        let labels: [PullWire.Label]?
        let html_url: String?

        func issue(account: ForgeAccount) -> Forges.Issue? {
            guard let id = try? IssueID(number) else { return nil }
            let become: Forges.Issue.State =
                switch state {
                case "open", "progressing": .open
                case "closed", "rejected": .closed
                case let word: .unknown(word ?? "")
                }
            return Forges.Issue(
                id: id, title: title ?? "", body: body ?? "", state: become, labels: (labels ?? []).map(\.name),
                isOurs: user.map { String($0.id) } == account.id, webURL: html_url)
        }
    }

    struct IssueNumber: Decodable {
        let number: String
    }

    struct IssueEdit: Encodable {
        let repo: String
        let title: String
        let body: String
        let labels: String
        var state: String?
    }

    struct NewBranch: Encodable {
        let refs: String
        let branch_name: String
    }

    struct Merge: Encodable {
        let merge_method = "merge"
        let prune_source_branch = false
        let title: String?
        let description: String?
    }

    struct Merged: Decodable {
        let sha: String?
    }
}
