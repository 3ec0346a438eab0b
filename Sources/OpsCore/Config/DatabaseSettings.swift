/// How to reach the database.
public struct DatabaseSettings: Sendable, Equatable {
    /// Host name or address (MYSQL_HOST). `localhost` without a socket means TCP to localhost, never a default socket.
    public var host: String
    /// TCP port (MYSQL_PORT).
    public var port: Int
    /// Unix socket (MYSQL_SOCKET). When it is set, the connection goes through it, and host and port are not used.
    public var socket: String?
    /// Name of the database (MYSQL_DATABASE).
    public var database: String
    /// Account (MYSQL_USER); by default, as with the standard clients, the name of the account of the process.
    public var user: String
    /// Password (MYSQL_PASSWORD); nil for none.
    public var password: Secret?
    /// Encryption (MYSQL_SSL_MODE).
    public var tlsMode: TLSMode
    /// PEM file of the trusted authorities (MYSQL_SSL_CA); nil for those of the system.
    public var tlsCAFile: String?
    /// The longest time that connecting may take.
    public var connectTimeout: Duration
    /// The longest time that the server may stay silent; nil for no limit.
    public var readTimeout: Duration?

    /// A connection that no variable gave.
    public init(
        host: String = "127.0.0.1", port: Int = 3306, socket: String? = nil, database: String, user: String,
        password: Secret? = nil, tlsMode: TLSMode = .preferred, tlsCAFile: String? = nil,
        connectTimeout: Duration = .seconds(5), readTimeout: Duration? = nil
    ) {
        self.host = host
        self.port = port
        self.socket = socket
        self.database = database
        self.user = user
        self.password = password
        self.tlsMode = tlsMode
        self.tlsCAFile = tlsCAFile
        self.connectTimeout = connectTimeout
        self.readTimeout = readTimeout
    }

    init(_ values: inout SettingValues) {
        self.init(
            host: values.text(.mysqlHost), port: values.integer(.mysqlPort),
            socket: values.optionalText(.mysqlSocket), database: values.text(.mysqlDatabase),
            user: values.text(.mysqlUser), password: values.secret(.mysqlPassword),
            tlsMode: values.choice(.mysqlTLSMode, default: .preferred),
            tlsCAFile: values.optionalText(.mysqlTLSAuthority))
        // As with the standard clients, a remote host rules a socket out; but a socket that was set in a place of
        // higher precedence than the host (such as the flag over `.env`) is what the operator means now.
        let isNearer = values.source(.mysqlSocket).rank < values.source(.mysqlHost).rank
        if host != "localhost", !isNearer { socket = nil }
    }

    /// The same connection as a URL that DATABASE_URL takes, for an `.env` file or for another tool.
    public func url(includingPassword: Bool) -> String {
        var url = DatabaseURL()
        url.user = user
        url.password = password
        url.host = socket == nil ? host : "localhost"
        url.port = port
        url.database = database
        url.tlsMode = tlsMode == .preferred ? nil : tlsMode
        url.tlsCAFile = tlsCAFile
        url.socket = socket
        return url.text(includingPassword: includingPassword)
    }
}
