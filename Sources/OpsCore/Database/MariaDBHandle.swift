import CMariaDB
import Foundation

/// The one owner of a `MYSQL*`: every call of Connector/C on a connection is made here.
///
/// Calls block. They are made on the serial queue of a ``DatabaseConnection``, so never two at once.
/// Unchecked: Connector/C lets a connection move between threads as long as its calls never overlap, which the queue
/// guarantees; `cancelFromAnyThread` only shuts the socket down, and is not called once the handle is closed.
public final class MariaDBHandle: @unchecked Sendable {
    let mysql: UnsafeMutablePointer<MYSQL>
    /// The server's id of this session.
    public let connectionID: UInt
    /// The version text that the server sent in its greeting.
    public let serverVersion: String

    /// Connects. `database` nil means no default database.
    /// - Throws: ``DatabaseError``; the message names the host and the user, never the password.
    init(connecting settings: DatabaseSettings, database: String?) throws {
        guard let mysql = mysql_init(nil) else {
            throw DatabaseError(kind: .other, message: "out of memory while making a connection")
        }
        do {
            Self.setOptions(of: mysql, from: settings)
            try Self.connect(mysql, settings, database: database)
        } catch {
            mysql_close(mysql)
            throw error
        }
        self.mysql = mysql
        connectionID = UInt(mysql_thread_id(mysql))
        serverVersion = mysql_get_server_info(mysql).map { String(cString: $0) } ?? ""
    }

    deinit { mysql_close(mysql) }

    private static func setOptions(of mysql: UnsafeMutablePointer<MYSQL>, from settings: DatabaseSettings) {
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

    private static func connect(
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

    private static func lastError(_ mysql: UnsafeMutablePointer<MYSQL>) -> DatabaseError {
        DatabaseError(
            number: mysql_errno(mysql), sqlState: mysql_sqlstate(mysql).map { String(cString: $0) } ?? "HY000",
            message: mysql_error(mysql).map { String(cString: $0) } ?? "unknown error")
    }

    /// Once connected, a failure of TLS is a connection that was cut, which without TLS is number 2013.
    var lastError: DatabaseError { cut(Self.lastError(mysql)) }

    func cut(_ error: DatabaseError) -> DatabaseError {
        guard error.kind == .tls else { return error }
        return DatabaseError(number: 2013, sqlState: error.sqlState, message: "connection lost: \(error.message)")
    }

    // MARK: - Statements

    /// What a statement without a result set did.
    public struct Outcome: Sendable {
        /// Rows that were changed.
        public let affectedRows: UInt64
        /// The AUTO_INCREMENT value that was made; 0 for none.
        public let lastInsertID: UInt64
    }

    /// Runs one statement and throws its results away.
    @discardableResult
    public func execute(_ query: SQLQuery) throws -> Outcome {
        var text = query.text
        return try text.withUTF8 { try execute(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Runs one statement given as bytes and throws its results away.
    @discardableResult
    public func execute(bytes: UnsafeRawBufferPointer) throws -> Outcome {
        try send(bytes)
        let outcome = Outcome(affectedRows: mysql_affected_rows(mysql), lastInsertID: mysql_insert_id(mysql))
        try drain()
        return outcome
    }

    /// True while ``batch(_:)`` may be used. The server then takes several statements at once from everybody who uses the
    /// session, so it is not for statements of unknown text.
    private(set) var isBatching = false

    /// Lets several statements be sent at once, or not any more.
    func setBatching(_ isOn: Bool) throws {
        guard isOn != isBatching else { return }
        let option = isOn ? MYSQL_OPTION_MULTI_STATEMENTS_ON : MYSQL_OPTION_MULTI_STATEMENTS_OFF
        guard mysql_set_server_option(mysql, option) == 0 else { throw lastError }
        isBatching = isOn
    }

    /// Runs statements in one round trip and throws their results away. The first that fails is the last that ran.
    @discardableResult
    func batch(_ queries: [SQLQuery]) throws -> [Outcome] {
        var text = queries.map(\.text).joined(separator: "; ")
        return try text.withUTF8 { try batch(bytes: UnsafeRawBufferPointer($0)).outcomes(queries.count) }
    }

    /// What the statements of a batch did.
    struct BatchOutcome: Sendable {
        /// One for each statement that did what it should.
        var completed: [Outcome] = []
        /// Of the statement behind those; nothing behind it ran.
        var failure: DatabaseError?

        /// All of them.
        /// - Throws: ``DatabaseError`` also where there are not as many as `count`: nobody knows then what ran.
        func outcomes(_ count: Int) throws -> [Outcome] {
            if let failure = failure(of: count) { throw failure }
            return completed
        }

        func failure(of count: Int) -> DatabaseError? {
            if failure != nil || completed.count == count { return failure }
            return DatabaseError(
                number: 2013, sqlState: "HY000",
                message: "the server answered \(completed.count) of \(count) statements that were sent together")
        }
    }

    /// Runs statements that are separated by semicolons in one round trip, throws their results away, and tells how many
    /// of them ran.
    func batch(bytes: UnsafeRawBufferPointer) -> BatchOutcome {
        var batch = BatchOutcome()
        do {
            try send(bytes)
            try drain { batch.completed.append($0) }
        } catch let error as DatabaseError {
            batch.failure = error
        } catch {
            batch.failure = DatabaseError(kind: .other, message: "\(error)")
        }
        return batch
    }

    /// Runs a statement without a result, and a query behind it in the same round trip.
    /// - Returns: what the statement did, and the query's rows or why there are none.
    /// - Throws: the failure of the statement; the query did not run then.
    func execute(bytes: UnsafeRawBufferPointer, asking query: SQLQuery) throws
        -> (outcome: Outcome, answer: Result<ResultSet, DatabaseError>)
    {
        // The statement may end with a comment of one line.
        let text = Array(bytes) + Array("\n; ".utf8) + Array(query.text.utf8)
        try text.withUnsafeBytes { try send($0) }
        let outcome = Outcome(affectedRows: mysql_affected_rows(mysql), lastInsertID: mysql_insert_id(mysql))
        do throws(DatabaseError) {
            return (outcome, .success(try answer()))
        } catch {
            return (outcome, .failure(error))
        }
    }

    /// The next result of a batch.
    private func answer() throws(DatabaseError) -> ResultSet {
        guard mysql_next_result(mysql) == 0, let result = mysql_store_result(mysql) else { throw lastError }
        defer { mysql_free_result(result) }
        var rows: [[[UInt8]?]] = []
        let count = Int(mysql_num_fields(result))
        while let row = mysql_fetch_row(result), let lengths = mysql_fetch_lengths(result) {
            rows.append(
                (0..<count).map { column in
                    row[column].map { Array(UnsafeRawBufferPointer(start: $0, count: Int(lengths[column]))) }
                })
        }
        return ResultSet(columns: Self.columnNames(of: result), values: rows)
    }

    /// Begins a transaction and runs a statement in it, in one round trip.
    func executeBeginning(bytes: UnsafeRawBufferPointer) throws -> Outcome {
        var text = Array("START TRANSACTION; ".utf8)
        text.append(contentsOf: bytes)
        return try text.withUnsafeBytes { try batch(bytes: $0).outcomes(2)[1] }
    }

    /// Reads and forgets the current result and those that follow it.
    private func drain(_ completed: (Outcome) -> Void) throws {
        while true {
            let outcome = Outcome(affectedRows: mysql_affected_rows(mysql), lastInsertID: mysql_insert_id(mysql))
            if let result = mysql_use_result(mysql) {
                while mysql_fetch_row(result) != nil {}
                mysql_free_result(result)
            }
            if mysql_errno(mysql) != 0 { throw lastError }
            completed(outcome)
            switch mysql_next_result(mysql) {
            case 0: continue
            case -1: return
            default: throw lastError
            }
        }
    }

    /// Runs one statement and holds its first result set in memory.
    public func query(_ query: SQLQuery) throws -> ResultSet {
        var columns: [String] = []
        var rows: [[[UInt8]?]] = []
        try stream(query, columns: { columns = $0 }) { rows.append($0.map { $0.map(Array.init) }) }
        return ResultSet(columns: columns, values: rows)
    }

    /// Runs one statement and hands its rows over one by one, without holding them. The buffers of a row are valid
    /// only during the call. When `row` throws, the rest of the result is read and thrown away.
    public func stream(
        _ query: SQLQuery, columns: ([String]) throws -> Void = { _ in },
        row: ([UnsafeRawBufferPointer?]) throws -> Void
    ) throws {
        var text = query.text
        try text.withUTF8 { try send(UnsafeRawBufferPointer($0)) }
        guard let result = mysql_use_result(mysql) else {
            if mysql_errno(mysql) != 0 { throw lastError }
            return try columns([])
        }
        do {
            defer { mysql_free_result(result) }
            try columns(Self.columnNames(of: result))
            try readRows(of: result, row)
        }
        try drainFollowing()
    }

    private static func columnNames(of result: UnsafeMutablePointer<MYSQL_RES>) -> [String] {
        let fields = UnsafeBufferPointer(start: mysql_fetch_fields(result), count: Int(mysql_num_fields(result)))
        return fields.map { String(cString: $0.name) }
    }

    private func readRows(
        of result: UnsafeMutablePointer<MYSQL_RES>, _ body: ([UnsafeRawBufferPointer?]) throws -> Void
    ) throws {
        let count = Int(mysql_num_fields(result))
        while let row = mysql_fetch_row(result) {
            let lengths = mysql_fetch_lengths(result)!
            try body(
                (0..<count).map { column in
                    row[column].map { UnsafeRawBufferPointer(start: $0, count: Int(lengths[column])) }
                })
        }
        if mysql_errno(mysql) != 0 { throw lastError }
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard mysql_real_query(mysql, start, UInt(bytes.count)) == 0 else { throw lastError }
    }

    /// Reads and forgets the current result and those that follow it, as a CALL may send several.
    private func drain() throws {
        if let result = mysql_use_result(mysql) {
            while mysql_fetch_row(result) != nil {}
            mysql_free_result(result)
        }
        if mysql_errno(mysql) != 0 { throw lastError }
        try drainFollowing()
    }

    private func drainFollowing() throws {
        while true {
            switch mysql_next_result(mysql) {
            case 0:
                if let result = mysql_use_result(mysql) {
                    while mysql_fetch_row(result) != nil {}
                    mysql_free_result(result)
                }
            case -1: return
            default: throw lastError
            }
        }
    }

    // MARK: - Session

    /// True while a transaction is open, as the server said after the last statement.
    public var isInTransaction: Bool { status & UInt32(SERVER_STATUS_IN_TRANS) != 0 }
    /// True while each statement commits by itself outside of a transaction.
    public var isAutocommitting: Bool { status & UInt32(SERVER_STATUS_AUTOCOMMIT) != 0 }
    /// True while backslash is an ordinary character in literals.
    public var noBackslashEscapes: Bool { status & UInt32(SERVER_STATUS_NO_BACKSLASH_ESCAPES) != 0 }
    /// True while double quotes hold names.
    public var ansiQuotes: Bool { status & UInt32(SERVER_STATUS_ANSI_QUOTES) != 0 }

    private var status: UInt32 {
        var value: UInt32 = 0
        mariadb_get_info(mysql, MARIADB_CONNECTION_SERVER_STATUS, &value)
        return value
    }

    /// The TLS version in use, such as `TLSv1.3`; nil for a connection in clear text.
    public var tlsVersion: String? {
        var text: UnsafePointer<CChar>?
        guard mysql_get_ssl_cipher(mysql) != nil,
            mariadb_get_info(mysql, MARIADB_CONNECTION_TLS_VERSION, &text) == 0
        else { return nil }
        return text.map { String(cString: $0) }
    }

    /// Waits until the server ends the session, or for `limit`. Between statements a server sends nothing else, so
    /// anything to read means the end.
    public func isEnded(within limit: Duration) -> Bool {
        var descriptor = pollfd(fd: Int32(mysql_get_socket(mysql)), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, Int32(limit.milliseconds)) > 0
    }

    /// Whether `other` is a session with this very server: the server lists its id with the address it comes from.
    func lists(_ other: MariaDBHandle) throws -> Bool {
        let port = other.localPort
        return try query("SHOW PROCESSLIST").contains { row in
            guard row.int("Id") == Int(other.connectionID) else { return false }
            return port.map { row.text("Host")?.hasSuffix(":\($0)") ?? false } ?? true
        }
    }

    /// The TCP port at this end of the connection; nil for a socket of the file system.
    private var localPort: UInt16? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(Int32(mysql_get_socket(mysql)), $0, &length) != 0
            }
        }
        guard !failed, [AF_INET, AF_INET6].contains(Int32(address.ss_family)) else { return nil }
        // The port has the same place in the addresses of both families.
        return withUnsafeBytes(of: address) { UInt16(bigEndian: $0.load(fromByteOffset: 2, as: UInt16.self)) }
    }

    /// Asks the server for a sign of life.
    public func ping() throws {
        guard mysql_ping(mysql) == 0 else { throw lastError }
    }

    /// Makes the session as good as new: user variables, temporary tables, settings, prepared statements, locks and an
    /// open transaction are gone, the default database is `database`.
    ///
    /// - Parameter database: nil where the session uses the right one already, which a reset leaves as it is.
    public func reset(database: String?) throws {
        try setBatching(false)
        guard mysql_reset_connection(mysql) == 0 else { throw lastError }
        if let database, mysql_select_db(mysql, database) != 0 { throw lastError }
        try execute("SET NAMES utf8mb4")
    }

    /// Shuts the socket down under a running statement, which then fails; the connection is dead afterwards.
    ///
    /// Without the option, the server would go on for a minute to send rows that nobody takes: only a reset tells it that
    /// nobody will.
    func cancelFromAnyThread() {
        var reset = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            Int32(mysql_get_socket(mysql)), SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
        _ = mariadb_cancel(mysql)
    }
}

extension TLSMode {
    /// No connection without TLS.
    var isRequired: Bool { self == .required || verifies }
    /// The server's certificate is checked.
    var verifies: Bool { self == .verifyCA || self == .verifyIdentity }
}
