/// The hook that makes a push wake the controller. The same text as `hooks/post-receive`, so that the program can
/// install it wherever it runs; a test keeps the two equal.
enum PostReceiveHook {
    static let text = #"""
        #!/bin/sh
        # post-receive: tells Sluice that this repository has changed, so that it looks now instead of at its next round.
        #
        # Install:  cp post-receive <repository>.git/hooks/post-receive && chmod +x <repository>.git/hooks/post-receive
        #
        # The hook is a hint and nothing more. It reads no references, decides nothing, never makes a push fail and does not
        # hold it up: the command runs in the background and is given half a minute where timeout(1) exists. Without the hook,
        # or when it fails, Sluice finds the change by itself.
        #
        # Which program is called, the first that is set or found:
        #   1. SLUICE_BIN in the environment
        #   2. git config sluice.bin
        #   3. sluice on PATH
        # More arguments, such as --server http://127.0.0.1:8080, may be given one by one: git config --add sluice.notifyArg …

        # git sends the changed references; reading them keeps git from a broken pipe.
        cat >/dev/null

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
}
