import OpsCore

/// The whole development stack of one folder: private database, migrations, mail capture, HTTP shim.
public struct Stack: Sendable {
    /// Where everything of it lies.
    public let folder: StackFolder
    private let server: EmbeddedServer
    private let shim: ShimProcess
    private let mail: MailProcess
    private let migrations: String

    /// - Parameters:
    ///   - executable: the program file of `sysndd-ctl`, which the shim is run from.
    ///   - migrations: absolute path of the migrations folder.
    public init(folder: StackFolder, executable: String, migrations: String) {
        self.folder = folder
        self.migrations = migrations
        server = EmbeddedServer(folder: folder)
        mail = MailProcess(folder: folder, executable: executable)
        shim = ShimProcess(folder: folder, executable: executable, migrations: migrations)
    }

    /// Brings everything up that is not up yet; a second call changes nothing.
    /// - Throws: ``DevStackError``, and what a migration run throws.
    public func up(report: @escaping @Sendable (String) -> Void = { _ in }) async throws -> StackReport {
        try folder.prepare()
        return try await FileLock.withLock(folder.stackLock, timeout: .seconds(60)) {
            let started = try await server.start()
            started.notes.forEach(report)
            report(started.wasRunning ? "the database runs" : "the database was started")
            let migrator = Migrator(database: started.endpoint.settings, directory: migrations)
            let result = try await migrator.up()
            report(result.totalApplied == 0 ? "no migration is pending" : "applied \(result.totalApplied) migrations")
            try await StackMonitor(folder: folder).prepare(started.endpoint)
            let access = StackAccess(folder: folder)
            if try await prepareAdministrator(access, started.endpoint.settings) {
                report("added the administrator \(StackAccess.administrator)")
            }
            let key = try access.key()
            let mail = try await mail.start()
            report(mail.wasRunning ? "the mail capture runs" : "the mail capture was started")
            let shim = try await shim.start(started.endpoint, mail.ports)
            report(shim.wasRunning ? "the shim runs" : "the shim was started")
            try StackFiles(
                folder: folder, endpoint: started.endpoint, mail: mail.ports, apiPort: shim.port, key: key
            ).write()
            return try await self.report()
        }
    }

    /// Stops everything and keeps the data.
    /// - Returns: whether anything was running.
    public func down() async throws -> Bool {
        guard folder.exists else { return false }
        return try await FileLock.withLock(folder.stackLock, timeout: .seconds(60)) {
            let hadShim = try await shim.stop()
            let hadMail = try await mail.stop()
            let hadServer = try await server.stop()
            return hadShim || hadMail || hadServer
        }
    }

    /// Stops everything and removes the data, the logs and the passwords.
    public func reset() async throws {
        guard folder.exists else { return }
        try await FileLock.withLock(folder.stackLock, timeout: .seconds(60)) {
            try await shim.stop()
            try await mail.stop()
            try await server.reset()
            try StackFiles.remove(from: folder)
            try StackAccess.remove(from: folder)
            try StackMonitor.remove(from: folder)
        }
    }

    /// A stack may be used with migrations of another application, which has no such accounts.
    private func prepareAdministrator(_ access: StackAccess, _ database: DatabaseSettings) async throws -> Bool {
        do {
            return try await access.prepareAdministrator(database)
        } catch let error as DatabaseError where error.kind == .unknownTable || error.number == 1054 {
            return false
        }
    }

    /// What runs, and where; changes nothing.
    public func report() async throws -> StackReport {
        let database = try await server.status()
        let isShimUp = try shim.running() != nil
        let port = try shim.port()
        return StackReport(
            folder: folder, database: database, shimPort: isShimUp ? port : nil, mail: try mail.runningPorts())
    }
}

extension ServerEndpoint {
    /// How the toolkit connects to this server as the application's user.
    public var settings: DatabaseSettings {
        DatabaseSettings(
            host: host, port: Int(port), socket: socketPath, database: databaseName, user: userName,
            password: Secret(password.value))
    }

    /// How the toolkit connects to this server as root.
    public var rootSettings: DatabaseSettings {
        var settings = settings
        settings.user = "root"
        settings.password = Secret(rootPassword.value)
        return settings
    }
}
