/// The hook that Gerrit offers for download, which gives each commit its Change-Id. It is the author's git that runs it.
enum CommitMessageHook {
    static let text = #"""
        #!/usr/bin/env sh
        # commit-msg: adds a Change-Id to a message that has none.
        grep -q '^Change-Id: I' "$1" && exit 0
        id=I$({ git var GIT_COMMITTER_IDENT; git rev-parse HEAD 2>/dev/null; cat "$1"; } | git hash-object --stdin)
        git interpret-trailers --in-place --trailer "Change-Id: $id" "$1"

        """#
}
