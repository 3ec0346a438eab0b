/// The files of a stack that let other programs use it: settings for this toolkit, options for the standard client.
struct StackFiles {
    let folder: StackFolder
    let endpoint: ServerEndpoint
    let mail: MailCapture.Ports
    let apiPort: UInt16
    /// Signs the access tokens of the shim.
    let key: String

    static func environment(in folder: StackFolder) -> String { folder.file("env") }
    static func clientOptions(in folder: StackFolder) -> String { folder.file("client.cnf") }

    func write() throws {
        try PrivateFile.write(environmentText, to: Self.environment(in: folder))
        try PrivateFile.write(clientText, to: Self.clientOptions(in: folder))
    }

    static func remove(from folder: StackFolder) throws {
        for path in [environment(in: folder), clientOptions(in: folder)] { try PrivateFile.remove(path) }
    }

    private var environmentText: String {
        let pairs =
            endpoint.environment + mail.environment + [
                ("API_PORT", String(apiPort)), ("JWT_SECRET", key),
                ("PREFLIGHT_DATABASE_URL_FILE", StackMonitor.urlFile(in: folder)),
            ]
        return pairs.map { "\($0)='\($1)'\n" }.joined()
    }

    private var clientText: String {
        """
        [client]
        socket="\(endpoint.socketPath)"
        user=\(endpoint.userName)
        password=\(endpoint.password.value)
        default-character-set=utf8mb4

        [mysql]
        database=\(endpoint.databaseName)

        """
    }
}
