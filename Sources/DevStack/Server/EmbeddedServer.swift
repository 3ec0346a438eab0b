/// A private MariaDB server in a folder of its own.
///
/// It outlives the process that starts it. Every operation may be repeated, may be called by several processes at once,
/// and finds its way after any of them, or the server, was killed.
public struct EmbeddedServer: Sendable {
    /// Where everything of it lies.
    public let folder: StackFolder
    /// How it is run.
    public let options: ServerOptions
    /// The programs to use, nil to look for them.
    let programs: ServerPrograms?

    /// Describes a server; nothing happens before `start`.
    ///
    /// - Parameter programs: which programs to use; nil looks for the installed ones.
    public init(folder: StackFolder, options: ServerOptions = ServerOptions(), programs: ServerPrograms? = nil) {
        self.folder = folder
        self.options = options
        self.programs = programs
    }

    /// What the server is doing now; changes nothing.
    public func status() async throws -> ServerStatus {
        let port = try StackState.load(from: folder).databasePort
        guard let process = try runningProcess() else {
            let state = PrivateFile.exists(folder.data) ? ServerStatus.State.stopped : .absent
            return ServerStatus(state: state, pid: nil, port: port, socketPath: nil)
        }
        let socket = SocketFolder.socket(of: folder)
        let greeting = ServerGreeting(socketPath: socket, deadline: .now + .seconds(2))
        let answers = try await greeting.wait { process.isRunning } == .answered
        return ServerStatus(
            state: answers ? .running : .notAnswering, pid: process.pid, port: port, socketPath: socket)
    }

    /// Stops the server and keeps its data.
    ///
    /// - Returns: whether there was a process to stop.
    /// - Throws: `DevStackError` with code `busy` or `stop_failed`.
    @discardableResult
    public func stop() async throws -> Bool {
        guard folder.exists else { return false }
        return try await withLock { try await stopAll() }
    }

    /// Stops the server and removes its data, its logs and its passwords; the next start begins anew.
    public func reset() async throws {
        guard folder.exists else { return }
        try await withLock {
            _ = try await stopAll()
            try DataTemplate.removeUnfinishedCopies(of: folder.data)
            let paths = [folder.data, folder.temporary, folder.serverLog, folder.password, folder.rootPassword]
            // Data may be large: removed by another process, so that no thread of this one is held up.
            try await Command.run("rm", ["-rf", "--"] + paths)
            try SocketFolder.remove(folder)
        }
    }

    /// The server's process as recorded, nil when that process does not run.
    func runningProcess() throws -> DetachedProcess? {
        try DetachedProcess.load(from: folder.serverProcess).flatMap { $0.isRunning ? $0 : nil }
    }

    /// Ends whatever was started on this folder's option file without a record: its starter was killed in between, or
    /// the folder was removed under it.
    private func stopUnrecorded() async throws -> Bool {
        var found = false
        for identity in ProcessSearch.processes(withArgument: "--defaults-file=\(folder.serverOptions)") {
            found = true
            try await DetachedProcess(identity: identity).terminate(grace: options.stopGrace)
        }
        return found
    }

    func withLock<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        let timeout = options.startTimeout + options.stopGrace
        return try await FileLock.withLock(folder.serverLock, timeout: timeout, body)
    }

    /// Ends the server, recorded or not, and removes what is left of its run; false when there was none.
    func stopAll() async throws -> Bool {
        var found = false
        if let process = try runningProcess() {
            found = true
            try await process.terminate(grace: options.stopGrace)
        }
        if try await stopUnrecorded() { found = true }
        let socket = SocketFolder.socket(of: folder)
        for path in [folder.serverProcess, folder.serverStatements, socket, socket + ".pid"] {
            try PrivateFile.remove(path)
        }
        return found
    }
}
