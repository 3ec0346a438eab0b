import CMariaDB

extension MariaDBHandle {
    /// One row as Connector/C holds it, valid until the next row: for each column a pointer, nil for NULL, and a length.
    public struct RawRow {
        public let values: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
        public let lengths: UnsafeMutablePointer<UInt>
    }

    /// Runs one statement and hands its rows over by pointer, as text, without an allocation a row. When `row` throws, the
    /// connection is shut down: to read the rest of a table away could take longer than to make a new connection.
    func streamRaw(_ query: SQLQuery, row: (RawRow) throws -> Void) throws {
        var text = query.text
        try text.withUTF8 { try send(UnsafeRawBufferPointer($0)) }
        guard let result = mysql_use_result(mysql) else { throw lastError }
        defer { mysql_free_result(result) }
        do {
            while let values = mysql_fetch_row(result) {
                try row(RawRow(values: values, lengths: mysql_fetch_lengths(result)))
            }
        } catch {
            cancelFromAnyThread()
            throw error
        }
        if mysql_errno(mysql) != 0 { throw lastError }
    }

    /// The same with numbers and times in the server's binary form, written out here: a server takes longer to print a DOUBLE
    /// than for anything else in a row, but one round trip more for the statement. A result with a type that is not known
    /// comes as the server prints it.
    func streamBinary(_ query: SQLQuery, row: (RawRow) throws -> Void) throws {
        guard let statement = mysql_stmt_init(mysql) else {
            throw DatabaseError(kind: .other, message: "out of memory while preparing a statement")
        }
        defer { mysql_stmt_close(statement) }
        var text = query.text
        let isPrepared = text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                mysql_stmt_prepare(statement, $0.baseAddress, UInt($0.count)) == 0
            }
        }
        guard isPrepared else { throw error(of: statement) }
        guard BinaryColumns(statement) != nil else { return try streamRaw(query, row: row) }
        let count = statement.pointee.field_count
        guard mysql_stmt_execute(statement) == 0 else { throw error(of: statement) }
        // The table may have been altered since; what counts is what the rows were announced with.
        guard statement.pointee.field_count == count, let columns = BinaryColumns(statement) else {
            cancelFromAnyThread()
            throw DatabaseError(
                number: 1412, sqlState: "HY000", message: "its definition was changed while it was read")
        }
        var status = mysql_stmt_fetch(statement)
        while status == 0 {
            columns.read(statement)
            do {
                try row(RawRow(values: columns.values, lengths: columns.lengths))
            } catch {
                cancelFromAnyThread()
                throw error
            }
            status = mysql_stmt_fetch(statement)
        }
        guard status == MYSQL_NO_DATA else { throw error(of: statement) }
    }

    /// What fails while rows are fetched stands in the connection only.
    private func error(of statement: UnsafeMutablePointer<MYSQL_STMT>) -> DatabaseError {
        guard mysql_stmt_errno(statement) != 0 else { return lastError }
        return onceConnected(
            DatabaseError(
                number: mysql_stmt_errno(statement),
                sqlState: mysql_stmt_sqlstate(statement).map { String(cString: $0) } ?? "HY000",
                message: mysql_stmt_error(statement).map { String(cString: $0) } ?? "unknown error"))
    }
}
