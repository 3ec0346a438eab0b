/// Reads parts of tables over one session, one after another, and packs their rows.
final class TableDumpWorker {
    private let session: MariaDBHandle
    private let queue: TableDumpQueue
    private let pipe: TableDumpPipe
    private let meter: BackupProgressMeter
    private let compressor: MemberCompressor

    init(
        _ session: MariaDBHandle, _ queue: TableDumpQueue, _ pipe: TableDumpPipe, _ meter: BackupProgressMeter,
        level: ArchiveLevel
    ) {
        self.session = session
        self.queue = queue
        self.pipe = pipe
        self.meter = meter
        compressor = MemberCompressor(level: level)
    }

    /// Works until nothing is left.
    /// - Throws: ``BackupError``, which names the table; ``ArchiveError``; `CancellationError`.
    func run() throws {
        while let unit = try queue.next(over: session) {
            try Task.checkCancellation()
            try read(unit)
        }
        try pipe.flush()
    }

    private func read(_ unit: TableDumpUnit) throws {
        let table = unit.dump.table
        let packer = RowPacker(unit.dump.writer(), compressor: compressor, table: table, range: unit.range.label) {
            member in
            try Task.checkCancellation()
            self.meter.add(member, table)
            try self.pipe.send(member, ticket: unit.ticket, isLast: false)
        }
        do {
            try unit.dump.stream(unit.range, over: session) { try packer.add($0) }
            try SnapshotSession.releaseTables(session)
        } catch let error as DatabaseError {
            throw BackupError(reading: table, error)
        }
        let last = try packer.finish()
        if let last { meter.add(last, table) }
        try pipe.send(last, ticket: unit.ticket, isLast: true)
        queue.learn(unit, bytes: packer.bytes)
    }
}
