import Foundation

/// The rows of a backup: which tables are read when, and that the members before them are written first.
struct BackupRunRows: Sendable {
    /// How the rows came to belong together.
    struct Outcome: Sendable {
        let snapshot: Snapshot
        let createdAt: Date
    }

    let objects: BackupRunObjects
    /// Tables whose engine keeps no old versions.
    let unversioned: [TableDump]
    private let versioned: [TableDump]
    private let writer: ArchiveWriter
    private let team: TableDumpTeam
    private let meter: BackupProgressMeter

    init(
        schema: SchemaDump, objects: BackupRunObjects, writer: ArchiveWriter, meter: BackupProgressMeter,
        level: ArchiveLevel
    ) {
        self.objects = objects
        self.writer = writer
        self.meter = meter
        team = TableDumpTeam(writer: writer, meter: meter, level: level)
        // The largest first: small ones at the end keep all sessions busy until it comes. Equal ones stay in their order.
        let tables = schema.tables.filter(\.hasOwnRows).enumerated()
            .sorted { ($1.element.dataLength, $0.offset) < ($0.element.dataLength, $1.offset) }.map(\.element)
        unversioned = tables.filter { !$0.isTransactional }.map(TableDump.init)
        versioned = tables.filter(\.isTransactional).map(TableDump.init)
    }

    /// Opens the snapshots and writes everything up to the last row.
    func write(_ opener: SnapshotOpener, _ connections: [DatabaseConnection]) async throws -> Outcome {
        var begun: (createdAt: Date, tickets: Int)?
        let opened = try await opener.open(connections) { position, connections in
            let (createdAt, tickets) = try await begin(at: position)
            begun = (createdAt, try await team.read(unversioned, over: connections, firstTicket: tickets))
        }
        let (createdAt, tickets) =
            if let begun { begun } else { try await begin(at: opened.snapshot.position) }
        _ = try await team.read(versioned, over: opened.connections, firstTicket: tickets)
        return Outcome(snapshot: opened.snapshot, createdAt: createdAt)
    }

    private func begin(at position: SnapshotPosition) async throws -> (createdAt: Date, tickets: Int) {
        let createdAt = Date()
        meter.update { $0.step = .rows }
        let tickets = try await objects.writeBeforeRows(at: position, createdAt: createdAt, to: writer)
        return (createdAt, tickets)
    }
}
