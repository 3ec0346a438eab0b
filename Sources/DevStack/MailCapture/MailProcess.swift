/// The mail capture of a stack: this program's own `dev mail`, as a detached process.
struct MailProcess: Sendable {
    /// How long it may take until it answers.
    static let startTimeout = Duration.seconds(15)

    let folder: StackFolder
    /// The program file of `sysndd-ctl`.
    let executable: String

    private var record: String { folder.file("mail.process") }
    private var log: String { folder.file("log/mail.log") }

    /// The ports that it has; nil when it does not run.
    func runningPorts() throws -> MailCapture.Ports? { try running() == nil ? nil : ports() }

    /// Starts the capture, or finds it running and answering. Its messages live as long as it runs.
    func start() async throws -> (ports: MailCapture.Ports, wasRunning: Bool) {
        if let process = try running(), let ports = try ports(), await answers(process, ports) { return (ports, true) }
        try await stop()
        return (try await launchOnFreePorts(), false)
    }

    /// - Returns: whether there was a process to stop.
    @discardableResult
    func stop() async throws -> Bool {
        let process = try running()
        try await process?.terminate(grace: .seconds(5))
        try PrivateFile.remove(record)
        return process != nil
    }

    private func running() throws -> DetachedProcess? {
        try DetachedProcess.load(from: record).flatMap { $0.isRunning ? $0 : nil }
    }

    private func ports() throws -> MailCapture.Ports? {
        let state = try StackState.load(from: folder)
        guard let smtp = state.smtpPort, let http = state.mailPort else { return nil }
        return MailCapture.Ports(smtp: smtp, http: http)
    }

    private func launchOnFreePorts(attempts: Int = 3) async throws -> MailCapture.Ports {
        let last = try ports()
        let found = MailCapture.Ports(
            smtp: try FreePort.find(preferred: last?.smtp ?? MailCapture.usualSMTPPort),
            http: try FreePort.find(preferred: last?.http ?? MailCapture.usualHTTPPort))
        try StackState.update(in: folder) {
            $0.smtpPort = found.smtp
            $0.mailPort = found.http
        }
        let process = try await DetachedProcess.launch(program(found))
        do {
            try process.save(to: record)
            try await awaitAnswer(of: process, found)
            return found
        } catch let error as DevStackError
            where error.problem == .startFailed && attempts > 1
            && !(FreePort.isFree(found.smtp) && FreePort.isFree(found.http))
        {
            // Somebody took a port after it was found free; the next attempt chooses another.
            return try await launchOnFreePorts(attempts: attempts - 1)
        } catch {
            _ = try? await process.terminate(grace: .seconds(1))
            throw error
        }
    }

    private func answers(_ process: DetachedProcess, _ ports: MailCapture.Ports) async -> Bool {
        guard ListeningPort.isHeld(ports.smtp, by: process.pid) else { return false }
        guard ListeningPort.isHeld(ports.http, by: process.pid) else { return false }
        return await LocalHTTP.status(of: "/readyz", port: ports.http) == 200
    }

    private func program(_ ports: MailCapture.Ports) -> DetachedProgram {
        DetachedProgram(
            executable, arguments: ["dev", "mail", "--smtp-port", "\(ports.smtp)", "--http-port", "\(ports.http)"],
            inheritsEnvironment: false, workingFolder: folder.path, logFile: log)
    }

    private func awaitAnswer(of process: DetachedProcess, _ ports: MailCapture.Ports) async throws {
        let deadline = ContinuousClock.now + Self.startTimeout
        while await !answers(process, ports) {
            guard process.isRunning else {
                let tail = LogTail.lastLines(of: try PrivateFile.read(log) ?? "", count: 8)
                throw DevStackError(
                    .startFailed, "the mail capture ended while it started", hint: "the end of \(log) says:\n\(tail)")
            }
            guard ContinuousClock.now < deadline else {
                throw DevStackError(
                    .notAnswering, "the mail capture did not answer within \(Self.startTimeout)",
                    hint: "look into \(log)")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}

extension MailCapture.Ports {
    /// The variables with which a program sends its mail here.
    var environment: [(name: String, value: String)] {
        [
            ("SMTP_HOST", "127.0.0.1"), ("SMTP_PORT", String(smtp)), ("SMTP_TLS", "none"),
            ("SMTP_FROM", "sysndd@localhost.localdomain"), ("CURATOR_EMAIL", "curator@localhost.localdomain"),
            ("MAILPIT_URL", "http://127.0.0.1:\(http)"),
        ]
    }
}
