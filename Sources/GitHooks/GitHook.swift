/// Git's hooks of ours. The same texts as in `hooks/`, so that the program can install them wherever it runs; a test keeps
/// the two equal. They carry no logic: they find the program and call it.
public enum GitHook: String, CaseIterable, Sendable {
    /// Judges what is pushed before it is taken in.
    case preReceive = "pre-receive"
    /// Tells the controller of a push.
    case postReceive = "post-receive"
    /// Judges what is about to be committed.
    case preCommit = "pre-commit"

    /// The script.
    public var script: String {
        switch self {
        case .preReceive:
            #"""
            #!/bin/sh
            # pre-receive: has Sluice judge manifests and changelogs of what is pushed, before it is taken in.
            #
            # Install:  sluice hooks install --kind pre-receive --changelog data-model/main.xml --when-unable reject
            #
            # A hook that was there before is kept as pre-receive.before-sluice and called first. What is judged, and how, is said by
            #   git config --add sluice.checkArg …       arguments of: sluice hooks run pre-receive
            #   git config sluice.whenUnable accept      lets pushes through that cannot be judged; they are refused without it
            # Which program is called: SLUICE_BIN in the environment, git config sluice.bin, or sluice on PATH.

            pushed=$(cat)
            if [ -x "$0.before-sluice" ]; then
                printf '%s\n' "$pushed" | "$0.before-sluice" "$@" || exit $?
            fi

            unable=$(git config --get sluice.whenUnable)
            unable=${unable:-reject}
            program=${SLUICE_BIN:-$(git config --get sluice.bin)}
            if ! program=$(command -v "${program:-sluice}"); then
                echo "sluice: not judged: there is no program ${program:-sluice} here" >&2
                [ "$unable" = accept ]
                exit
            fi

            set -- hooks run pre-receive --repository "$PWD" --when-unable "$unable"
            arguments=$(git config --get-all sluice.checkArg)
            while IFS= read -r argument; do
                [ -n "$argument" ] && set -- "$@" "$argument"
            done <<EOF
            $arguments
            EOF

            printf '%s\n' "$pushed" | "$program" "$@"

            """#
        case .postReceive:
            #"""
            #!/bin/sh
            # post-receive: tells Sluice that this repository has changed, so that it looks now instead of at its next round.
            #
            # Install:  sluice hooks install --kind post-receive
            #
            # The hook is a hint and nothing more. It decides nothing, never makes a push fail and does not hold it up: the command runs
            # in the background and is given half a minute where timeout(1) exists. Without the hook, or when it fails, Sluice finds the
            # change by itself. A hook that was there before is kept as post-receive.before-sluice and called first.
            #
            # Which program is called: SLUICE_BIN in the environment, git config sluice.bin, or sluice on PATH.
            # More arguments, such as --server http://127.0.0.1:8080, may be given one by one: git config --add sluice.notifyArg …

            # git sends the changed references; reading them keeps git from a broken pipe.
            pushed=$(cat)
            if [ -x "$0.before-sluice" ]; then
                printf '%s\n' "$pushed" | "$0.before-sluice" "$@"
            fi

            program=${SLUICE_BIN:-$(git config --get sluice.bin)}
            program=$(command -v "${program:-sluice}") || exit 0

            set -- notify --repository "$PWD"
            arguments=$(git config --get-all sluice.notifyArg)
            while IFS= read -r argument; do
                [ -n "$argument" ] && set -- "$@" "$argument"
            done <<EOF
            $arguments
            EOF

            set -- "$program" "$@"
            if limit=$(command -v timeout); then
                set -- "$limit" 30 "$@"
            fi

            # The command must not inherit git's variables, nor hold the pusher's connection open.
            unset GIT_DIR GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
            "$@" </dev/null >/dev/null 2>&1 &
            exit 0

            """#
        case .preCommit:
            #"""
            #!/bin/sh
            # pre-commit: has Sluice judge manifests and changelogs of what is about to be committed.
            #
            # Install:  sluice hooks install --kind pre-commit --changelog data-model/main.xml
            #
            # The same judgement as pre-receive's, by the same git config (sluice.checkArg, sluice.bin). It is a help and no gate: without
            # the program a commit goes on, and git commit --no-verify goes past it. A hook that was there before is kept as
            # pre-commit.before-sluice and called first.

            if [ -x "$0.before-sluice" ]; then
                "$0.before-sluice" "$@" || exit $?
            fi

            program=${SLUICE_BIN:-$(git config --get sluice.bin)}
            program=$(command -v "${program:-sluice}") || exit 0

            # What is staged, as a commit that nothing refers to.
            tree=$(git write-tree) || exit 0
            base=$(git rev-parse --quiet --verify HEAD)
            staged=$(git commit-tree ${base:+-p "$base"} -m staged "$tree") || exit 0

            set -- hooks run pre-receive --repository "$(git rev-parse --absolute-git-dir)" --when-unable accept
            arguments=$(git config --get-all sluice.checkArg)
            while IFS= read -r argument; do
                [ -n "$argument" ] && set -- "$@" "$argument"
            done <<EOF
            $arguments
            EOF

            printf '%s %s refs/heads/staged\n' "${base:-0000000000000000000000000000000000000000}" "$staged" | "$program" "$@"

            """#
        }
    }
}
