import Diagnostics
import Glibc
import Subprocess
import SystemPackage

extension Child {
    /// The child in the form that the process library takes.
    func configuration() throws(ChildError) -> Subprocess.Configuration {
        for text in [executable] + arguments + environment.keys + environment.values where text.utf8.contains(0) {
            throw ChildError(.invalidArgument, self)
        }
        var options = PlatformOptions()
        options.processGroupID = 0
        options.teardownSequence = terminationLadder
        let variables = environment.map { Array("\($0.key)=\($0.value)".utf8) + [0] }
        let command = try command()
        return Subprocess.Configuration(
            executable: .path(FilePath(command.path)), arguments: Arguments(command.arguments),
            environment: .custom(variables), workingDirectory: workingDirectory.map { FilePath($0) },
            platformOptions: options)
    }

    /// `SIGTERM` to the group, so that a program may remove its lock files, then `SIGKILL`.
    var terminationLadder: [TeardownStep] {
        [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: terminationGrace)]
    }

    /// What is really started: the program, or `prlimit`, which becomes the program.
    private func command() throws(ChildError) -> (path: String, arguments: [String]) {
        let program = try path(of: executable)
        guard let resources else { return (program, arguments) }
        return (try path(of: "prlimit"), resources.options + [program] + arguments)
    }

    /// A program's absolute path. Relative entries of `PATH` are skipped: they would mean whatever directory we are in.
    private func path(of executable: String) throws(ChildError) -> String {
        if executable.begins(with: "/") {
            guard access(executable, X_OK) == 0 else { throw ChildError(.executableNotFound, self, detail: executable) }
            return executable
        }
        guard !executable.isEmpty, !executable.holds("/") else {
            throw ChildError(.executableNotFound, self, detail: "neither an absolute path nor a name: \(executable)")
        }
        let path = environment["PATH"] ?? ""
        for directory in path.words(at: ":") where directory.begins(with: "/") {
            let candidate = "\(directory)/\(executable)"
            if access(candidate, X_OK) == 0 { return candidate }
        }
        throw ChildError(.executableNotFound, self, detail: "looked for \(executable) in \(path)")
    }

    /// A descriptor from which the child reads ``input``.
    ///
    /// It is a nameless file and not a pipe: nobody has to feed it while the child runs, and a child that ends without
    /// reading cannot make us die of `SIGPIPE`.
    func openInput() throws(ChildError) -> FileDescriptor {
        do {
            guard !input.isEmpty else { return try FileDescriptor.open("/dev/null", .readOnly) }
            let name = "/tmp/sluice-input-\(getpid())-\(UInt64.random(in: .min ... .max))"
            let file = try FileDescriptor.open(
                FilePath(name), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: .ownerReadWrite)
            unlink(name)
            do {
                try file.writeAll(input)
                try file.seek(offset: 0, from: .start)
            } catch {
                try? file.close()
                throw error
            }
            return file
        } catch {
            throw ChildError(.notStarted, self, detail: "its input: \(error)")
        }
    }
}
