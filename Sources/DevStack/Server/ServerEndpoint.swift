/// Where a private server listens, and as whom to speak to it.
public struct ServerEndpoint: Sendable, Equatable {
    /// Always 127.0.0.1.
    public let host = "127.0.0.1"
    /// The port on that address.
    public let port: UInt16
    /// Path of the socket.
    public let socketPath: String
    /// The application's database.
    public let databaseName: String
    /// The application's user.
    public let userName: String
    /// The password of that user.
    public let password: GeneratedPassword
    /// The password of the server's user `root`.
    public let rootPassword: GeneratedPassword
    /// The file that holds the password of the application's user.
    public let passwordFile: String

    /// The variables that `sysndd-ctl` reads, without any secret: the password is given by its file.
    public var environment: [(name: String, value: String)] {
        [
            ("MYSQL_HOST", host), ("MYSQL_PORT", String(port)), ("MYSQL_SOCKET", socketPath),
            ("MYSQL_DATABASE", databaseName), ("MYSQL_USER", userName), ("MYSQL_PASSWORD_FILE", passwordFile),
        ]
    }
}
