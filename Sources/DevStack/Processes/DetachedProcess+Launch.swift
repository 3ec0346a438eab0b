import Glibc
import Subprocess

extension DetachedProcess {
    /// Starts a program and returns as soon as it is executing.
    ///
    /// It gets a session of its own, default signal handling, and no descriptor of the starter but its log. While the
    /// starter lives, it reaps the process when that ends.
    /// - Throws: `DevStackError` with code `program_not_found` or `start_failed`.
    public static func launch(_ program: DetachedProgram) async throws -> DetachedProcess {
        let log = try PrivateFile.openLog(program.logFile)
        defer { close(log) }
        let empty = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(empty) }
        return try await spawn(program, input: program.input ?? empty, log: log)
    }

    private static func spawn(_ program: DetachedProgram, input: Int32, log: Int32) async throws -> DetachedProcess {
        let configuration = configuration(of: program)
        return try await withCheckedThrowingContinuation { continuation in
            // This task waits for the end of the process, and so reaps it. Nothing cancels it; when the starter ends,
            // the task ends with it and the process goes on.
            Task.detached {
                var caller: CheckedContinuation<DetachedProcess, any Error>? = continuation
                do {
                    _ = try await Subprocess.run(
                        configuration,
                        input: .fileDescriptor(.init(rawValue: input), closeAfterSpawningProcess: false),
                        output: .fileDescriptor(.init(rawValue: log), closeAfterSpawningProcess: false),
                        error: .fileDescriptor(.init(rawValue: log), closeAfterSpawningProcess: false)
                    ) { execution in
                        // Not reaped before this body is over, so it can be looked at even if it has ended already.
                        if let identity = ProcessIdentity(pid: execution.processIdentifier.value) {
                            caller?.resume(returning: DetachedProcess(identity: identity))
                            caller = nil
                        }
                    }
                    caller?.resume(throwing: failure(program, "it ended at once"))
                } catch {
                    caller?.resume(throwing: failure(program, "\(error)"))
                }
            }
        }
    }

    private static func configuration(of program: DetachedProgram) -> Configuration {
        var platform = PlatformOptions()
        platform.createSession = true
        let additions = program.environment.map { (Environment.Key(stringLiteral: $0), $1) }
        let values = Dictionary(additions) { $1 }
        return Configuration(
            executable: .path(.init(program.executable)),
            arguments: Arguments(program.arguments),
            environment: program.inheritsEnvironment
                ? .inherit.updating(values.mapValues { Optional($0) }) : .custom(values),
            workingDirectory: program.workingFolder.map { .init($0) },
            platformOptions: platform
        )
    }

    private static func failure(_ program: DetachedProgram, _ reason: String) -> DevStackError {
        guard access(program.executable, X_OK) == 0 else {
            return DevStackError(
                .programNotFound, "\(program.executable) cannot be executed", hint: "run scripts/setup")
        }
        return DevStackError(
            .startFailed, "\(program.executable) did not start (\(reason))", hint: "look into \(program.logFile)")
    }
}
