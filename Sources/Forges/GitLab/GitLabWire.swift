/// GitLab's JSON, as far as it is read. Whatever some version leaves out is optional, and words are texts.
enum GitLabWire {
    struct User: Decodable {
        let id: Int
        let username: String?
        let name: String?
    }

    struct MergeRequest: Decodable {
        let iid: Int
        let title: String?
        var description: String?
        let state: String
        let source_branch: String?
        let target_branch: String
        let source_project_id: Int?
        let target_project_id: Int?
        let sha: String?
        let merge_commit_sha: String?
        let squash_commit_sha: String?
        let web_url: String?
        let author: User?
        let created_at: String?
        let updated_at: String?
        let labels: [String]?
        let merge_status: String?
        let detailed_merge_status: String?
        let has_conflicts: Bool?
        let reviewers: [User]?
    }

    struct Version: Decodable {
        let id: Int
        let head_commit_sha: String?
        let base_commit_sha: String?
        let created_at: String?
        let state: String?
        let diffs: [Diff]?

        struct Diff: Decodable {
            let old_path: String?
            let new_path: String
            let new_file: Bool?
            let renamed_file: Bool?
            let deleted_file: Bool?
        }
    }

    struct Note: Decodable {
        let id: Int
        let body: String?
        let author: User?
        let system: Bool?
    }

    struct Status: Decodable {
        let id: Int
        let status: String?
        let name: String?
        let description: String?
        let target_url: String?
        let author: User?
    }

    struct Branch: Decodable {
        let name: String
        let commit: Commit

        struct Commit: Decodable {
            let id: String
        }
    }

    struct Issue: Decodable {
        let iid: Int
        let title: String?
        let description: String?
        let state: String?
        let labels: [String]?
        let author: User?
        let web_url: String?
    }

    struct Project: Decodable {
        let id: Int?
        let only_allow_merge_if_pipeline_succeeds: Bool?
        let merge_method: String?
        let squash_option: String?
        let permissions: Permissions?

        struct Permissions: Decodable {
            let project_access: Access?
            let group_access: Access?

            struct Access: Decodable {
                let access_level: Int?
            }
        }
    }

    struct NewMergeRequest: Encodable {
        let source_branch: String
        let target_branch: String
        let title: String
        let description: String
        let labels: String?
    }

    struct MergeRequestEdit: Encodable {
        var title: String?
        var description: String?
        var labels: String?
        var add_labels: String?
        var remove_labels: String?
        var state_event: String?
        var reviewer_ids: [Int]?
    }

    struct Merge: Encodable {
        let sha: String
        let merge_commit_message: String?
        let squash = false
    }

    struct NewStatus: Encodable {
        let state: String
        let name: String
        let description: String
        let target_url: String?
        let ref: String?
    }

    struct Body: Encodable {
        let body: String
    }

    struct NewBranch: Encodable {
        let branch: String
        let ref: String
    }

    struct NewIssue: Encodable {
        let title: String
        let description: String
        let labels: String
        var state_event: String?
    }
}
