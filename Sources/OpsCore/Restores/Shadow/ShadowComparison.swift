import Synchronization

/// Reads every row of a loaded schema again, as a backup does, and compares numbers and checksums with an archive's index.
struct ShadowComparison: Sendable {
    let index: ArchiveIndex
    let path: String
    /// How to reach the schema.
    let schema: DatabaseSettings
    let server: ServerInfo
    /// Sessions that read at the same time.
    let jobs: Int

    /// - Throws: ``RestoreError`` that names the tables that differ; ``BackupError``, ``DatabaseError``.
    func run(covering cover: ([DatabaseConnection]) async throws -> Void = { _ in }) async throws {
        let connections = try await connect()
        try await cover(connections)
        let expected = try expectedRows()
        let tables = try await connections[0].run { try SchemaDump(reading: $0).tables }
            .filter { $0.hasOwnRows && expected.keys.contains(Array($0.name.utf8)) }
        let found = try await read(tables, expected, over: connections)
        let differences = Self.differences(expected, found)
        guard differences.isEmpty else { throw RestoreError.notEqual(differences, path) }
    }

    /// What is expected of each table that has rows of its own: its checksum, and its bytes of SQL.
    typealias Expected = [[UInt8]: (sum: RowChecksum, bytes: Int)]

    /// Names are compared by their bytes: to a String, two names are equal that a server tells apart.
    private func expectedRows() throws -> Expected {
        var members: [[UInt8]: [ArchiveEntry]] = [:]
        for entry in index.members {
            guard entry.kind == .table || entry.kind == .rows, let name = entry.object else { continue }
            members[Array(name.utf8), default: []] += entry.kind == .rows ? [entry] : []
        }
        return try members.mapValues { entries in
            guard let sum = RowChecksum(entries) else {
                throw ArchiveError(.corrupt, path, member: "index", "members with rows have no checksum")
            }
            return (sum, entries.reduce(0) { $0 + $1.location.inflatedLength })
        }
    }

    private func connect() async throws -> [DatabaseConnection] {
        var connections: [DatabaseConnection] = []
        while connections.count < max(1, jobs) {
            connections.append(try await SnapshotSession.open(schema, server: server))
        }
        return connections
    }

    private func read(
        _ tables: [TableDefinition], _ expected: Expected, over connections: [DatabaseConnection]
    ) async throws -> [[UInt8]: RowChecksum] {
        let sized = tables.map { table in
            let known = expected[Array(table.name.utf8)]
            return table.sized(rows: known?.sum.rows ?? 0, bytes: known?.bytes ?? 0)
        }
        let queue = TableDumpQueue(sized.sorted { $0.dataLength > $1.dataLength }.map(TableDump.init))
        let sums = ShadowComparisonSums(sized.map { Array($0.name.utf8) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections {
                group.addTask {
                    try await connection.run { session in
                        while let unit = try queue.next(over: session) {
                            try Task.checkCancellation()
                            let sum = try unit.dump.checksum(of: unit.range, over: session)
                            sums.add(sum, to: Array(unit.dump.table.utf8))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        return sums.values
    }

    /// Tables without rows of their own are expected to have none, and are not among those that were read.
    static func differences(_ expected: Expected, _ found: [[UInt8]: RowChecksum]) -> [String] {
        expected.compactMap { name, known -> String? in
            let text = String(decoding: name, as: UTF8.self)
            let sum = found[name] ?? RowChecksum()
            if sum.rows != known.sum.rows { return "\(text) has \(sum.rows) rows instead of \(known.sum.rows)" }
            return sum == known.sum ? nil : "\(text) has other values in its \(sum.rows) rows"
        }.sorted()
    }
}

/// The checksums of tables that several sessions read in parts.
private final class ShadowComparisonSums: Sendable {
    private let sums: Mutex<[[UInt8]: RowChecksum]>

    init(_ tables: [[UInt8]]) {
        sums = Mutex(Dictionary(tables.map { ($0, RowChecksum()) }, uniquingKeysWith: { first, _ in first }))
    }

    func add(_ sum: RowChecksum, to table: [UInt8]) { sums.withLock { $0[table, default: RowChecksum()].add(sum) } }

    var values: [[UInt8]: RowChecksum] { sums.withLock { $0 } }
}

extension TableDefinition {
    /// The same table with figures that are better known than the engine's own, which are not there yet for a table that has
    /// just been filled.
    func sized(rows: Int, bytes: Int) -> TableDefinition {
        TableDefinition(
            name: name, engine: engine, isTransactional: isTransactional, columns: columns, key: key,
            estimatedRows: rows, dataLength: bytes, autoIncrement: autoIncrement, isPartitioned: isPartitioned,
            isSystemVersioned: isSystemVersioned, comment: comment, createdAt: createdAt)
    }
}
