extension GitTransport {
    /// The whole environment of a git child that talks to `remote`.
    ///
    /// Configuration is given as variables because those also reach the helpers that git starts.
    func environment(for remote: GitRemote?, access: GitAccess? = nil) -> [String: String] {
        var variables = extraEnvironment
        let fixed = [
            "PATH": searchPath,
            // Messages are read by us: they must not be translated.
            "LC_ALL": "C",
            "HOME": "/nonexistent",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_ALLOW_PROTOCOL": remote?.scheme.rawValue ?? "none",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "SSH_ASKPASS": "true",
            // A fixed text: it holds nothing from outside. Never a question, never an unknown host.
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oStrictHostKeyChecking=yes -oConnectTimeout=15",
            "GIT_SSH_VARIANT": "ssh",
            // A server that sends less than a kilobyte a second for half a minute is stuck.
            "GIT_HTTP_LOW_SPEED_LIMIT": "1000",
            "GIT_HTTP_LOW_SPEED_TIME": "30",
            // Objects are what their names say: no replacements, no grafts.
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_GRAFT_FILE": "/dev/null",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
        ]
        variables.merge(fixed) { _, fixed in fixed }
        var configuration = Self.configuration
        if let pin = access?.pin(for: remote) { configuration.append(("http.curloptResolve", pin)) }
        variables["GIT_CONFIG_COUNT"] = String(configuration.count)
        for (index, setting) in configuration.enumerated() {
            variables["GIT_CONFIG_KEY_\(index)"] = setting.key
            variables["GIT_CONFIG_VALUE_\(index)"] = setting.value
        }
        return variables
    }

    private static let configuration: [(key: String, value: String)] = [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        ("core.symlinks", "false"),
        ("core.askPass", "true"),
        ("credential.helper", ""),
        ("protocol.ext.allow", "never"),
        ("protocol.fd.allow", "never"),
        ("transfer.fsckObjects", "true"),
        ("transfer.bundleURI", "false"),
        ("fetch.recurseSubmodules", "false"),
        ("push.recurseSubmodules", "no"),
        ("submodule.recurse", "false"),
        // A redirect could lead to an address that was never allowed.
        ("http.followRedirects", "false"),
        // Packing is started by us, when nothing waits for it.
        ("gc.auto", "0"),
        ("maintenance.auto", "false"),
        ("advice.detachedHead", "false"),
    ]
}
