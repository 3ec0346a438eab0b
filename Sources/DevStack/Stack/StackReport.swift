/// What of a stack runs, and how to reach it.
public struct StackReport: Codable, Sendable, Equatable {
    /// The folder of the stack.
    public let folder: String
    /// The database server.
    public let database: ServerStatus
    /// The shim's address; nil when it does not run.
    public let url: String?
    /// Where mail of development goes, `smtp://127.0.0.1:PORT`; nil when the mail capture does not run.
    public let smtpUrl: String?
    /// The inbox, and the root of Mailpit's API; nil when the mail capture does not run.
    public let mailUrl: String?
    /// An `.env` file for `sysndd-ctl --env-file` and for shells.
    public let envFile: String
    /// An option file for the standard client: `mariadb --defaults-file=…`.
    public let clientFile: String

    /// The demonstration administrator's user name; nil where the migrations make no accounts.
    public let administrator: String?
    /// The file that holds the administrator's password.
    public let administratorPasswordFile: String?

    init(folder: StackFolder, database: ServerStatus, shimPort: UInt16?, mail: MailCapture.Ports?) {
        self.folder = folder.path
        self.database = database
        url = shimPort.map { "http://127.0.0.1:\($0)" }
        smtpUrl = mail.map { "smtp://127.0.0.1:\($0.smtp)" }
        mailUrl = mail.map { "http://127.0.0.1:\($0.http)" }
        envFile = StackFiles.environment(in: folder)
        let passwordFile = StackAccess.passwordFile(in: folder)
        let hasAdministrator = PrivateFile.exists(passwordFile)
        administrator = hasAdministrator ? StackAccess.administrator : nil
        administratorPasswordFile = hasAdministrator ? passwordFile : nil
        clientFile = StackFiles.clientOptions(in: folder)
    }

    /// True when everything runs.
    public var isUp: Bool { database.state == .running && url != nil && mailUrl != nil }
}
