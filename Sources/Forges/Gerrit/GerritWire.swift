/// Gerrit's JSON, as far as it is read. Everything that an older or newer server may leave out is optional, and words of
/// enumerations are texts.
enum GerritWire {
    struct Account: Decodable {
        let _account_id: Int
        let name: String?
        let username: String?
        let email: String?
    }

    struct Change: Decodable {
        let project: String
        let branch: String
        let topic: String?
        let hashtags: [String]?
        let subject: String?
        let status: String
        let created: String?
        let updated: String?
        let mergeable: Bool?
        let submittable: Bool?
        let _number: Int
        let owner: Account?
        let labels: [String: Label]?
        /// The votes that we may give, as texts such as `+1` and ` 0`.
        let permitted_labels: [String: [String]]?
        let messages: [Message]?
        let current_revision: String?
        let revisions: [String: Revision]?
        let _more_changes: Bool?
    }

    struct Label: Decodable {
        let all: [Approval]?
    }

    struct Approval: Decodable {
        let _account_id: Int?
        let value: Int?
    }

    struct Message: Decodable {
        let id: String
        let author: Account?
        let message: String?
        let tag: String?
        let _revision_number: Int?
    }

    struct Revision: Decodable {
        let _number: Int?
        let ref: String?
        let created: String?
        let commit: Commit?
    }

    struct Commit: Decodable {
        let parents: [Parent]?
        let subject: String?
        let message: String?

        struct Parent: Decodable {
            let commit: String
        }
    }

    struct File: Decodable {
        let status: String?
        let old_path: String?
    }

    struct Branch: Decodable {
        let ref: String
        let revision: String
    }

    struct Project: Decodable {
        let id: String?
    }

    /// The definition of a label; which of these there are depends on the server's age.
    struct LabelDefinition: Decodable {
        let name: String?
        /// What the label demands by itself; servers with submit requirements say `NoBlock`.
        let function: String?
        let copy_condition: String?
        let copy_any_score: Bool?
        let copy_max_score: Bool?
        let copy_all_scores_on_trivial_rebase: Bool?
        let copy_all_scores_on_merge_first_parent_update: Bool?
    }

    struct SubmitRequirement: Decodable {
        let submittability_expression: String?
    }

    struct Review: Encodable {
        var message: String?
        var tag: String
        var labels: [String: Int]?
        var notify = "NONE"
        var omit_duplicate_comments = true
    }

    struct NewBranch: Encodable {
        let revision: String
    }

    struct NewChange: Encodable {
        let project: String
        let branch: String
        let subject: String
        let topic: String
        let merge: Merge

        struct Merge: Encodable {
            let source: String
        }
    }

    struct Hashtags: Encodable {
        let add: [String]
        let remove: [String]
    }

    struct NewReviewer: Encodable {
        let reviewer: String
    }

    struct AddedReviewer: Decodable {
        let error: String?
    }

    struct Notify: Encodable {
        var notify = "NONE"
    }
}
