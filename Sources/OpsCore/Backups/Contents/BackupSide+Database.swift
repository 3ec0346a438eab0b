import Foundation

extension BackupSide {
    /// Reads a live database under one snapshot, over one connection: every row, because a server keeps no checksum that
    /// could be compared.
    /// - Parameter progress: is told each table before its rows are read, with how many are done and how many there are.
    /// - Throws: ``SchemaError``, ``BackupError``, ``DatabaseError``; `CancellationError`.
    init(
        live database: DatabaseSettings, progress: @Sendable (_ table: String, _ done: Int, _ total: Int) -> Void
    ) async throws {
        let server = try await DatabaseConnection(database).serverInfo()
        let session = try await SnapshotSession.open(database, server: server)
        try await session.run { try SnapshotSession.beginSnapshot($0) }
        self.init(.init(file: nil, database: database.database, createdAt: Date().formatted(.iso8601)))
        let schema = try await session.run { try SchemaDump(reading: $0) }
        for object in schema.objects where object.kind != .database {
            add(object.kind, object.name, sql: object.sql)
        }
        for (done, table) in schema.tables.enumerated() {
            progress(table.name, done, schema.tables.count)
            guard table.hasOwnRows else {
                add(rows: RowChecksum(), of: table.name)
                continue
            }
            let sum = try await session.run { session in
                let sum = try TableDump(table).checksum(over: session)
                try SnapshotSession.releaseTables(session)
                return sum
            }
            add(rows: sum, of: table.name)
        }
    }
}
