extension TableDump {
    /// Reads rows as a backup does and returns their checksum, to compare with that of the archive's members.
    /// - Throws: ``BackupError``, which names the table; `CancellationError`.
    func checksum(of range: KeyRange = .all, over session: MariaDBHandle) throws -> RowChecksum {
        let writer = writer()
        var sum = RowChecksum()
        let take: RowWriter.Sink = { _ in
            try Task.checkCancellation()
            sum.add(writer.takeChecksum())
        }
        do {
            try stream(range, over: session) { try writer.add($0, to: take) }
        } catch let error as DatabaseError {
            throw BackupError(reading: table, error)
        }
        try writer.finish(take)
        return sum
    }
}
