import CMariaDB

/// Statements that are sent together, where a round trip each would take the most time.
extension MariaDBHandle {
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
}
