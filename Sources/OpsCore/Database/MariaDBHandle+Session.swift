import CMariaDB
import Foundation

/// What is known of the session, and what ends it.
extension MariaDBHandle {
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
