import Glibc

/// The HTTP shim of a stack: this program's own `serve`, as a detached process.
struct ShimProcess: Sendable {
    /// The port that a stack takes where it is free.
    static let usualPort: UInt16 = 7777
    /// How long it may take until it answers.
    static let startTimeout = Duration.seconds(15)
    /// The shim ends within ten seconds by itself; see `serve`.
    static let stopGrace = Duration.seconds(12)

    let folder: StackFolder
    /// The program file of `sysndd-ctl`.
    let executable: String
    let migrations: String

    private var record: String { folder.file("shim.process") }
    private var log: String { folder.file("log/shim.log") }

    /// The recorded process, if it runs.
    func running() throws -> DetachedProcess? {
        try DetachedProcess.load(from: record).flatMap { $0.isRunning ? $0 : nil }
    }

    /// The port that it has, or had last.
    func port() throws -> UInt16? { try StackState.load(from: folder).apiPort }

    /// Starts the shim, or finds it running and answering.
    /// - Returns: its port, and whether it was running already.
    func start(_ endpoint: ServerEndpoint, _ mail: MailCapture.Ports) async throws -> (port: UInt16, wasRunning: Bool) {
        if let process = try running(), let port = try port(), await answers(process, port) { return (port, true) }
        try await stop()
        return (try await launchOnFreePort(endpoint, mail), false)
    }

    private func launchOnFreePort(
        _ endpoint: ServerEndpoint, _ mail: MailCapture.Ports, attempts: Int = 3
    ) async throws -> UInt16 {
        let port = try FreePort.find(preferred: port() ?? Self.usualPort)
        try StackState.update(in: folder) { $0.apiPort = port }
        let process = try await DetachedProcess.launch(program(endpoint, mail, port: port))
        do {
            try process.save(to: record)
            try await awaitAnswer(of: process, port: port)
            return port
        } catch let error as DevStackError
            where error.problem == .startFailed && attempts > 1 && !FreePort.isFree(port)
        {
            // Somebody took the port after it was found free; the next attempt chooses another.
            return try await launchOnFreePort(endpoint, mail, attempts: attempts - 1)
        } catch {
            _ = try? await process.terminate(grace: .seconds(1))
            throw error
        }
    }

    /// - Returns: whether there was a process to stop.
    @discardableResult
    func stop() async throws -> Bool {
        let process = try running()
        try await process?.terminate(grace: Self.stopGrace)
        try PrivateFile.remove(record)
        return process != nil
    }

    private func answers(_ process: DetachedProcess, _ port: UInt16) async -> Bool {
        guard ListeningPort.isHeld(port, by: process.pid) else { return false }
        return await LocalHTTP.status(of: "/api/health/", port: port) == 200
    }

    /// Nothing of the caller's environment reaches it: the stack's shim talks to the stack's database, whatever else is
    /// set. The password is given by its file.
    private func program(_ endpoint: ServerEndpoint, _ mail: MailCapture.Ports, port: UInt16) -> DetachedProgram {
        DetachedProgram(
            executable,
            arguments: ["serve", "--host", "127.0.0.1", "--port", String(port), "--dir", migrations],
            environment: environment(endpoint, mail), inheritsEnvironment: false,
            workingFolder: folder.path, logFile: log)
    }

    private func environment(_ endpoint: ServerEndpoint, _ mail: MailCapture.Ports) -> [String: String] {
        let access = ["JWT_SECRET_FILE": StackAccess.keyFile(in: folder)]
        return access.merging(endpoint.environment + mail.environment) { $1 }
    }

    private func awaitAnswer(of process: DetachedProcess, port: UInt16) async throws {
        let deadline = ContinuousClock.now + Self.startTimeout
        while await !answers(process, port) {
            guard process.isRunning else {
                let tail = LogTail.lastLines(of: try PrivateFile.read(log) ?? "", count: 8)
                throw DevStackError(
                    .startFailed, "the shim ended while it started", hint: "the end of \(log) says:\n\(tail)")
            }
            guard ContinuousClock.now < deadline else {
                throw DevStackError(
                    .notAnswering, "the shim did not answer within \(Self.startTimeout)", hint: "look into \(log)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
