import Glibc

extension EmbeddedServer {
    /// Starts the server, or finds it running; initialises it first where that is still to be done.
    ///
    /// When it returns, the server answers, and the application's database and user are there.
    /// - Throws: `DevStackError` with code `program_not_found`, `start_failed` (the message holds the end of the server's log),
    ///   `not_answering`, `busy`, `file_unusable`, `no_free_port`, `command_failed` or `invalid_setting`.
    public func start() async throws -> StartedServer {
        try options.validate()
        try folder.prepare()
        return try await withLock {
            if let running = try await joinRunning() { return running }
            _ = try await stopAll()
            return try await startStopped()
        }
    }

    /// The server that runs already, possibly started a moment ago by a process that was killed since; nil when there
    /// is none that is of any use.
    private func joinRunning() async throws -> StartedServer? {
        // Without these two it is a server whose folder was removed under it.
        guard let process = try runningProcess(), PrivateFile.exists(folder.data),
            let port = try StackState.load(from: folder).databasePort
        else { return nil }
        guard try await awaitGreeting(of: process) else { return nil }
        try PrivateFile.remove(folder.serverStatements)
        return try started(process, port: port, wasRunning: true, isNew: false, notes: [])
    }

    private func startStopped() async throws -> StartedServer {
        let programs = try self.programs ?? ServerPrograms.find()
        let account = ServerAccount.choose(for: folder, preferred: options.accountName)
        try prepareFolders(account)
        let isNew = !PrivateFile.exists(folder.data)
        try await prepareData(programs, account)
        try writeStatements(account)
        defer { try? PrivateFile.remove(folder.serverStatements) }
        let (process, port) = try await launchOnFreePort(programs.server, account)
        let notes = account.note.map { [$0] } ?? []
        return try started(process, port: port, wasRunning: false, isNew: isNew, notes: notes)
    }

    private func launchOnFreePort(
        _ server: String, _ account: ServerAccount, attempts: Int = 3
    ) async throws -> (DetachedProcess, UInt16) {
        let port = try choosePort()
        try writeOptions(port, account)
        do {
            return (try await launch(server), port)
        } catch let error as DevStackError
            where error.problem == .startFailed && attempts > 1 && !FreePort.isFree(port)
        {
            // Somebody took the port after it was found free; the next attempt chooses another.
            return try await launchOnFreePort(server, account, attempts: attempts - 1)
        }
    }

    private func prepareFolders(_ account: ServerAccount) throws {
        for path in [folder.path, folder.log, folder.temporary] {
            try PrivateFile.makeFolder(path, owner: account.owner)
        }
        try SocketFolder.prepare(folder, owner: account.owner)
    }

    private func prepareData(_ programs: ServerPrograms, _ account: ServerAccount) async throws {
        try DataTemplate.removeUnfinishedCopies(of: folder.data)
        if let data = PrivateFile.information(folder.data) {
            // The stack may have been started under another account before.
            guard let owner = account.owner, data.st_uid != owner.user else { return }
            try await Command.run("chown", ["-R", "--", "\(owner.user):\(owner.group)", folder.data])
        } else {
            let template = DataTemplate(programs: programs, cache: try CacheFolder.prepare())
            try await template.copy(to: folder.data, owner: account.owner)
        }
    }

    private func writeStatements(_ account: ServerAccount) throws {
        let text = StartStatements.text(
            options: options,
            password: try .remembered(in: folder.password),
            rootPassword: try .remembered(in: folder.rootPassword))
        try PrivateFile.write(text, to: folder.serverStatements, owner: account.owner)
    }

    private func choosePort() throws -> UInt16 {
        let port = try FreePort.find(preferred: StackState.load(from: folder).databasePort)
        try StackState.update(in: folder) { $0.databasePort = port }
        return port
    }

    private func writeOptions(_ port: UInt16, _ account: ServerAccount) throws {
        let text = OptionFile.text(
            folder: folder, socket: SocketFolder.socket(of: folder), port: port, account: account, options: options)
        try PrivateFile.write(text, to: folder.serverOptions)
    }

    private func launch(_ server: String) async throws -> DetachedProcess {
        var program = DetachedProgram(server, logFile: folder.serverLog)
        program.arguments = ["--defaults-file=\(folder.serverOptions)"]
        program.environment = ServerEnvironment.values
        program.inheritsEnvironment = false
        program.workingFolder = "/"
        let logStart = Int(PrivateFile.information(folder.serverLog)?.st_size ?? 0)
        let process = try await DetachedProcess.launch(program)
        do {
            try process.save(to: folder.serverProcess)
            guard try await awaitGreeting(of: process) else { throw endedWhileStarting(logStart: logStart) }
        } catch {
            _ = try? await process.terminate(grace: .seconds(5))
            try? PrivateFile.remove(folder.serverProcess)
            throw error
        }
        return process
    }

    /// True when the server answers, false when it has ended.
    private func awaitGreeting(of process: DetachedProcess) async throws -> Bool {
        let deadline = ContinuousClock.now + options.startTimeout
        let greeting = ServerGreeting(socketPath: SocketFolder.socket(of: folder), deadline: deadline)
        switch try await greeting.wait(while: { process.isRunning }) {
        case .answered: return true
        case .ended: return false
        case .late:
            throw DevStackError(
                .notAnswering, "the database server runs but did not answer within \(options.startTimeout)",
                hint: "look into \(folder.serverLog), then `sysndd-ctl dev down` and try again")
        }
    }

    private func endedWhileStarting(logStart: Int) -> DevStackError {
        let log = (try? PrivateFile.read(folder.serverLog)) ?? ""
        let tail = LogTail.lastLines(of: String(decoding: log.utf8.dropFirst(logStart), as: UTF8.self), count: 12)
        return DevStackError(
            .startFailed, "the database server ended while it started; \(folder.serverLog) ends with\n\(tail)",
            hint: "mend what the log names, or begin anew without the data: `sysndd-ctl dev reset`")
    }

    private func started(
        _ process: DetachedProcess, port: UInt16, wasRunning: Bool, isNew: Bool, notes: [String]
    ) throws -> StartedServer {
        let endpoint = ServerEndpoint(
            port: port, socketPath: SocketFolder.socket(of: folder), databaseName: options.databaseName,
            userName: options.userName, password: try .remembered(in: folder.password),
            rootPassword: try .remembered(in: folder.rootPassword), passwordFile: folder.password)
        return StartedServer(
            endpoint: endpoint, process: process, wasRunning: wasRunning, isNew: isNew, notes: notes)
    }
}
