/// Bodies of webhooks in the shapes that forges send, shortened to what matters and what has misled others.
public enum RecordedPayload: String, CaseIterable, Sendable {
    case githubPush, githubPullRequest, githubCreate, gitlabPush, gitlabMergeRequest, gitlabNote
    case giteePush, giteeMergeRequest, gerritPatchset, gerritMerged, gerritRefUpdated, localPush

    /// The body.
    public var text: String {
        switch self {
        case .githubPush:
            """
            {"ref":"refs/heads/master","before":"1c2d3e4f5061728394a5b6c7d8e9f00112233445",
             "after":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","created":false,"deleted":false,"forced":false,"base_ref":null,
             "compare":"https://github.com/registries/land/compare/1c2d3e4f5061...7d0c1f4b9e2a",
             "commits":[{"id":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","distinct":true,"message":"visits","timestamp":
             "2026-03-02T09:40:11+02:00","author":{"name":"Ada","email":"ada@example.org","username":"ada"},
             "added":["data-model/visits.xml"],"removed":[],"modified":["data-model/main.xml"]}],
             "head_commit":{"id":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","message":"visits"},
             "repository":{"id":186853002,"name":"land","full_name":"registries/land","private":true,
             "owner":{"name":"registries","login":"registries","id":21031067},"html_url":"https://github.com/registries/land",
             "clone_url":"https://github.com/registries/land.git","ssh_url":"git@github.com:registries/land.git",
             "default_branch":"master","size":0},
             "pusher":{"name":"ada","email":"ada@example.org"},"sender":{"login":"ada","id":21031067,"type":"User"}}
            """
        case .githubPullRequest:
            """
            {"action":"synchronize","number":12,"before":"1c2d3e4f5061728394a5b6c7d8e9f00112233445",
             "after":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912",
             "pull_request":{"number":12,"state":"open","title":"visits","draft":false,"merged":false,"mergeable":null,
             "head":{"ref":"visits","sha":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","repo":{"full_name":"ada/land"}},
             "base":{"ref":"master","sha":"1c2d3e4f5061728394a5b6c7d8e9f00112233445","repo":{"full_name":"registries/land"}},
             "labels":[],"user":{"login":"ada"}},
             "repository":{"full_name":"registries/land","html_url":"https://github.com/registries/land",
             "clone_url":"https://github.com/registries/land.git","ssh_url":"git@github.com:registries/land.git"},
             "installation":{"id":234},"sender":{"login":"ada"}}
            """
        case .githubCreate:
            """
            {"ref":"visits","ref_type":"branch","master_branch":"master","description":null,"pusher_type":"user",
             "repository":{"full_name":"registries/land","clone_url":"https://github.com/registries/land.git"},
             "sender":{"login":"ada"}}
            """
        case .gitlabPush:
            """
            {"object_kind":"push","event_name":"push","before":"1c2d3e4f5061728394a5b6c7d8e9f00112233445",
             "after":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","ref":"refs/heads/master","ref_protected":true,
             "checkout_sha":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","user_username":"ada","project_id":15,
             "project":{"id":15,"name":"Land","web_url":"https://gitlab.example.org/registries/land","namespace":"Registries",
             "git_ssh_url":"git@gitlab.example.org:registries/land.git",
             "git_http_url":"https://gitlab.example.org/registries/land.git","visibility_level":0,
             "path_with_namespace":"registries/land","default_branch":"master","avatar_url":null},
             "commits":[{"id":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","title":"visits","author":{"name":"Ada"},
             "added":[],"modified":["data-model/main.xml"],"removed":[]}],"total_commits_count":1}
            """
        case .gitlabMergeRequest:
            """
            {"object_kind":"merge_request","event_type":"merge_request","user":{"id":1,"username":"ada"},
             "project":{"id":15,"web_url":"https://gitlab.example.org/registries/land","path_with_namespace":"registries/land",
             "git_ssh_url":"git@gitlab.example.org:registries/land.git",
             "git_http_url":"https://gitlab.example.org/registries/land.git"},
             "object_attributes":{"id":99,"iid":4,"state":"opened","action":"update","target_branch":"master",
             "source_branch":"visits","oldrev":"1c2d3e4f5061728394a5b6c7d8e9f00112233445","merge_status":"unchecked",
             "detailed_merge_status":"checking","last_commit":{"id":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912"},
             "merge_commit_sha":null,"labels":[{"id":3,"title":"Verified::+1"}]},
             "changes":{"updated_at":{"previous":"2026-03-02 09:40:10 UTC","current":"2026-03-02 09:40:11 UTC"}},
             "labels":[{"id":3,"title":"Verified::+1"}],"assignees":null}
            """
        case .gitlabNote:
            """
            {"object_kind":"note","event_type":"note","user":{"username":"sluice"},"project_id":15,
             "project":{"path_with_namespace":"registries/land"},
             "object_attributes":{"id":1244,"note":"Verified","noteable_type":"MergeRequest"},
             "merge_request":{"iid":4}}
            """
        case .giteePush:
            """
            {"ref":"refs/heads/master","before":"1c2d3e4f5061728394a5b6c7d8e9f00112233445",
             "after":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","created":false,"deleted":false,"total_commits_count":1,
             "commits":[{"id":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912","message":"visits","added":null}],
             "repository":{"id":120249025,"name":"land","path":"land","full_name":"registries/land",
             "path_with_namespace":"registries/land","human_name":"Registries/Land","clone_url":
             "https://gitee.com/registries/land.git","ssh_url":"git@gitee.com:registries/land.git",
             "git_url":"git://gitee.com/registries/land.git","html_url":"https://gitee.com/registries/land"},
             "project":{"path_with_namespace":"registries/land"},"enterprise":null,"hook_name":"push_hooks","hook_id":1,
             "hook_url":"https://gitee.com/registries/land/hooks/1/edit","password":"this is secret",
             "timestamp":"1576754827988","sign":"2D978FIy4DMMTbiN80zQkNH1Eq/kMBt3gL6OnWfGzzY="}
            """
        case .giteeMergeRequest:
            """
            {"action":"update","action_desc":"source_branch_changed","number":7,"iid":7,"title":"visits","state":"open",
             "pull_request":{"id":1,"number":7,"state":"open","head":{"ref":"visits","sha":
             "7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912"},"base":{"ref":"master"},"mergeable":true},
             "source_branch":"visits","target_branch":"master","target_repo":{"project":null,"repository":null},
             "repository":{"full_name":"registries/land","clone_url":"https://gitee.com/registries/land.git"},
             "project":{"path_with_namespace":"registries/land"},"hook_name":"merge_request_hooks","hook_id":1,
             "password":"this is secret","timestamp":"1576754827988","sign":""}
            """
        case .gerritPatchset:
            """
            {"type":"patchset-created","eventCreatedOn":1772444411,"project":"registry-regulations",
             "refName":"refs/heads/master","changeKey":{"key":"I5f3c0d1e2a4b69788766554433221100ffeeddcc"},
             "change":{"project":"registry-regulations","branch":"master","id":"I5f3c0d1e2a4b69788766554433221100ffeeddcc",
             "number":4107,"subject":"visits","owner":{"username":"jenkins"},"url":"http://gerrit:8080/c/4107",
             "status":"NEW"},"patchSet":{"number":3,"revision":"7d0c1f4b9e2a6358c7d1e0f2a3b4c5d6e7f80912",
             "parents":["1c2d3e4f5061728394a5b6c7d8e9f00112233445"],"ref":"refs/changes/07/4107/3","kind":"REWORK",
             "createdOn":1772444411,"sizeInsertions":14,"sizeDeletions":0},"uploader":{"username":"jenkins"}}
            """
        case .gerritMerged:
            """
            {"type":"change-merged","eventCreatedOn":1772444500,"project":"registry-regulations",
             "refName":"refs/heads/master","change":{"project":"registry-regulations","branch":"master","number":4107,
             "status":"MERGED"},"submitter":{"username":"ada"},"newRev":"aa117f80912d0c1f4b9e2a6358c7d1e0f2a3b4c5"}
            """
        case .gerritRefUpdated:
            """
            {"type":"ref-updated","eventCreatedOn":1772444500,"submitter":{"username":"ada"},
             "refUpdate":{"oldRev":"1c2d3e4f5061728394a5b6c7d8e9f00112233445",
             "newRev":"aa117f80912d0c1f4b9e2a6358c7d1e0f2a3b4c5","refName":"refs/heads/master",
             "project":"registry-regulations"}}
            """
        case .localPush:
            """
            {"repository":"/srv/git/registries/land.git"}
            """
        }
    }

    /// The event as the forge's header names it, where it does.
    public var event: String? {
        switch self {
        case .githubPush: "push"
        case .githubPullRequest: "pull_request"
        case .githubCreate: "create"
        case .gitlabPush, .giteePush: "Push Hook"
        case .gitlabMergeRequest, .giteeMergeRequest: "Merge Request Hook"
        case .gitlabNote: "Note Hook"
        case .gerritPatchset, .gerritMerged, .gerritRefUpdated, .localPush: nil
        }
    }
}
