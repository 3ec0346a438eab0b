import CMariaDB

extension MariaDBHandle {
    static func setOptions(of mysql: UnsafeMutablePointer<MYSQL>, from settings: DatabaseSettings) {
        var connectTimeout = UInt32(max(1, settings.connectTimeout.components.seconds))
        mysql_options(mysql, MYSQL_OPT_CONNECT_TIMEOUT, &connectTimeout)
        if let readTimeout = settings.readTimeout {
            var seconds = UInt32(max(1, readTimeout.components.seconds))
            mysql_options(mysql, MYSQL_OPT_READ_TIMEOUT, &seconds)
            mysql_options(mysql, MYSQL_OPT_WRITE_TIMEOUT, &seconds)
        }
        // Without this the library takes `localhost` for its own default socket.
        var transport = settings.socket == nil ? MYSQL_PROTOCOL_TCP.rawValue : MYSQL_PROTOCOL_SOCKET.rawValue
        mysql_options(mysql, MYSQL_OPT_PROTOCOL, &transport)
        mysql_options(mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4")
        var off: UInt32 = 0
        mysql_options(mysql, MYSQL_OPT_LOCAL_INFILE, &off)
        mysql_options4(mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", "sysndd-ctl")
        setTLS(of: mysql, from: settings)
    }

    /// Always says whether the server's certificate is verified, because the default differs between versions of the
    /// library. With an authority set, the library checks the certificate's chain; the flag adds the host's name. Without
    /// a file the authorities of the system are trusted.
    private static func setTLS(of mysql: UnsafeMutablePointer<MYSQL>, from settings: DatabaseSettings) {
        var checksName: my_bool = settings.tlsMode == .verifyIdentity ? 1 : 0
        mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &checksName)
        // Nobody listens in on a socket: there TLS is only used where it is demanded.
        guard settings.tlsMode.isRequired || (settings.tlsMode == .preferred && settings.socket == nil) else { return }
        if settings.tlsMode.verifies {
            if let authority = settings.tlsCAFile {
                mysql_options(mysql, MYSQL_OPT_SSL_CA, authority)
            } else {
                mysql_options(mysql, MYSQL_OPT_SSL_CAPATH, "/etc/ssl/certs")
            }
        }
        // Despite its name the option only asks for TLS where the server offers it; `connect` refuses the rest.
        var asksForTLS: my_bool = 1
        mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &asksForTLS)
    }

    static func connect(
        _ mysql: UnsafeMutablePointer<MYSQL>, _ settings: DatabaseSettings, database: String?
    ) throws {
        guard attempt(mysql, settings, database: database) else { throw connectError(mysql, settings) }
        guard !settings.tlsMode.isRequired || mysql_get_ssl_cipher(mysql) != nil else {
            throw described(
                DatabaseError(number: 2026, sqlState: "HY000", message: "the server does not offer TLS"), settings)
        }
    }

    private static func attempt(
        _ mysql: UnsafeMutablePointer<MYSQL>, _ settings: DatabaseSettings, database: String?
    ) -> Bool {
        let flags = UInt(CLIENT_MULTI_RESULTS)
        return mysql_real_connect(
            mysql, settings.socket == nil ? settings.host : nil, settings.user, settings.password?.exposed ?? "",
            database, UInt32(settings.port), settings.socket, flags) != nil
    }

    private static func connectError(_ mysql: UnsafeMutablePointer<MYSQL>, _ settings: DatabaseSettings)
        -> DatabaseError
    {
        described(lastError(mysql), settings)
    }

    private static func described(_ error: DatabaseError, _ settings: DatabaseSettings) -> DatabaseError {
        let place = settings.socket.map { "socket \($0)" } ?? "\(settings.host):\(settings.port)"
        let message = "cannot connect to \(place) as \(settings.user): \(error.message)"
        let hint: String? =
            switch error.kind {
            case .unreachable: "check that the server runs there, and MYSQL_HOST, MYSQL_PORT or MYSQL_SOCKET"
            case .accessDenied: "check MYSQL_USER and MYSQL_PASSWORD, and that the account may come from this host"
            case .unknownDatabase:
                "create it with: CREATE DATABASE \(SQLQuery.identifier(settings.database)) CHARACTER SET utf8mb4;"
            case .tls: "check MYSQL_SSL_MODE and MYSQL_SSL_CA against the server's certificate"
            default: nil
            }
        return DatabaseError(number: error.number, sqlState: error.sqlState, message: message, hint: hint)
    }
}

extension TLSMode {
    /// No connection without TLS.
    var isRequired: Bool { self == .required || verifies }
    /// The server's certificate is checked.
    var verifies: Bool { self == .verifyCA || self == .verifyIdentity }
}
