/// Loads an archive of this toolkit into an empty schema over several sessions.
///
/// Memory: one member a session, inflated, and what the client library holds of the statement under way.
struct ShadowLoader: Sendable {
    let reader: ArchiveReader
    let index: ArchiveIndex
    /// How to reach the schema.
    let schema: DatabaseSettings
    let server: ServerInfo
    /// Sessions that load at the same time.
    let jobs: Int
    let meter: RestoreProgressMeter
    /// What was done before; nil where nothing is remembered.
    var memory: ShadowLoaderMemory?

    /// Loads tables, sequences and rows.
    /// - Parameter cover: told the sessions before they do anything.
    /// - Throws: ``RestoreError``, ``ArchiveError``, ``DatabaseError``; `CancellationError`.
    func loadTables(covering cover: ([DatabaseConnection]) async throws -> Void = { _ in }) async throws {
        meter.update {
            $0.step = .load
            $0.rows = memory?.rows(of: index) ?? 0
            $0.totalRows = index.summary.totals.rows
        }
        let connections = try await connect()
        try await cover(connections)
        try await run(kinds: [.sequence, .table], over: connections[0])
        let keys = try await connections[0].run { try ShadowLoaderKeys.prepare(index, memory, $0) }
        try await loadRows(over: connections, keys)
        try await run(kinds: [.keys], over: connections[0])
    }

    /// Makes what needs the tables.
    /// - Parameter kinds: of those kinds only, in the order of the archive.
    func loadObjects(_ kinds: Set<ArchiveMemberKind>) async throws {
        meter.begin(.objects)
        try await run(kinds: kinds, over: try await open(isFirst: true))
    }

    /// Whether several sessions are worth their while.
    static func jobs(for index: ArchiveIndex, processors: Int) -> Int {
        let rows = index.members.lazy.filter { $0.kind == .rows }.prefix(8).count
        return min(rows < 8 ? 1 : max(2, processors), 8)
    }

    private func connect() async throws -> [DatabaseConnection] {
        var connections = [try await open(isFirst: true)]
        while connections.count < jobs { connections.append(try await open(isFirst: false)) }
        return connections
    }

    private func open(isFirst: Bool) async throws -> DatabaseConnection {
        let header = try await BlockingCall.run { [reader, index] in
            try index.members.filter { $0.kind == .header }.flatMap { try reader.bytes(of: $0) }
        }
        return try await RestoreSession.open(schema, server: server, header: header, isFirst: isFirst)
    }

    private func run(kinds: Set<ArchiveMemberKind>, over connection: DatabaseConnection) async throws {
        try await connection.run { session in
            for entry in index.members where kinds.contains(entry.kind) && !isDone(entry) {
                try Task.checkCancellation()
                let sql = try reader.bytes(of: entry)
                do {
                    try RestoreScript.run(sql, session)
                } catch let error as DatabaseError {
                    try Task.checkCancellation()
                    throw RestoreError(loading: entry, error)
                }
            }
        }
    }

    private func loadRows(over connections: [DatabaseConnection], _ keys: [ShadowLoaderKeys]) async throws {
        let queue = ShadowLoaderQueue(index.members.filter { $0.kind == .rows && !isDone($0) }, keys: keys)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for connection in connections {
                group.addTask {
                    try await connection.run { session in
                        try ShadowLoaderWorker(
                            session: session, reader: reader, queue: queue, meter: meter, memory: memory
                        ).run()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func isDone(_ entry: ArchiveEntry) -> Bool { memory?.isDone(entry) ?? false }
}
