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

    static func lastError(_ mysql: UnsafeMutablePointer<MYSQL>) -> DatabaseError {
        DatabaseError(
            number: mysql_errno(mysql), sqlState: mysql_sqlstate(mysql).map { String(cString: $0) } ?? "HY000",
            message: mysql_error(mysql).map { String(cString: $0) } ?? "unknown error")
    }

    var lastError: DatabaseError { onceConnected(Self.lastError(mysql)) }

    /// Once connected, a failure of TLS is a connection that was cut, which without TLS is number 2013.
    func onceConnected(_ error: DatabaseError) -> DatabaseError {
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

    static func columnNames(of result: UnsafeMutablePointer<MYSQL_RES>) -> [String] {
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
}
