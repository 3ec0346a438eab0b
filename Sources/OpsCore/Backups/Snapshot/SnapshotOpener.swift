/// Opens several sessions that all see the database as of one moment, by the best way that the account allows.
struct SnapshotOpener: Sendable {
    /// The sessions, and how they were opened.
    struct Opened: Sendable {
        var snapshot: Snapshot
        let connections: [DatabaseConnection]
    }

    /// Reads the tables whose engine keeps no old versions.
    typealias ReadUnversioned = (SnapshotPosition, [DatabaseConnection]) async throws -> Void

    let database: DatabaseSettings
    let server: ServerInfo
    /// How many sessions are wanted.
    let jobs: Int
    /// The tables whose engine keeps no old versions: they are read while the lock is held, or are inconsistent.
    let unversionedTables: [String]
    /// Lets a node of a Galera cluster fall behind while it is locked, so that it does not hold up the others.
    var desync = false

    /// Opens the sessions, without their snapshots.
    func connect() async throws -> [DatabaseConnection] {
        var connections: [DatabaseConnection] = []
        for _ in 0..<jobs { connections.append(try await SnapshotSession.open(database, server: server)) }
        return connections
    }

    /// Begins the snapshots of the sessions, or of the first one only.
    /// - Parameter readUnversioned: called once where there are such tables, under the lock if there is one.
    func open(_ connections: [DatabaseConnection], readUnversioned: ReadUnversioned) async throws -> Opened {
        let tables = try await noteOnTables(connections[0])
        var opened = try await openBest(connections, readUnversioned)
        opened.snapshot.notes += tables
        return opened
    }

    private func noteOnTables(_ connection: DatabaseConnection) async throws -> [String] {
        let isKept = try await connection.run { [server] in try SnapshotSession.keepsTables($0, server: server) }
        guard isKept else { return [] }
        return [
            "the account may not leave the binary log, which needs BINLOG ADMIN: a table that was read cannot be altered, "
                + "nor used behind whoever tries, until the backup ends"
        ]
    }

    private func openBest(
        _ connections: [DatabaseConnection], _ readUnversioned: ReadUnversioned
    ) async throws -> Opened {
        var notes: [String] = []
        if jobs > 1 || !unversionedTables.isEmpty {
            let lock = SnapshotLock(opener: self, connections: connections)
            if var snapshot = try await lock.open(&notes, readUnversioned: readUnversioned) {
                snapshot.notes = notes
                return Opened(snapshot: snapshot, connections: connections)
            }
        }
        if jobs > 1, try await openAtSamePosition(connections, &notes) {
            return try await finish(.samePosition, connections, notes, readUnversioned)
        }
        try await begin(connections[0])
        return try await finish(.singleConnection, [connections[0]], notes, readUnversioned)
    }

    private func finish(
        _ method: Snapshot.Method, _ connections: [DatabaseConnection], _ notes: [String],
        _ readUnversioned: ReadUnversioned
    ) async throws -> Opened {
        let position = try await position(connections[0])
        if !unversionedTables.isEmpty { try await readUnversioned(position, connections) }
        let snapshot = Snapshot(
            method: method, inconsistentTables: unversionedTables, notes: notes, position: position)
        return Opened(snapshot: snapshot, connections: connections)
    }

    /// Begins one session's snapshot.
    func begin(_ connection: DatabaseConnection) async throws {
        try await connection.run { try SnapshotSession.beginSnapshot($0) }
    }

    /// The position of a session's snapshot, where the snapshot itself carries it.
    func position(_ connection: DatabaseConnection) async throws -> SnapshotPosition {
        guard server.flavour == .mariadb else { return SnapshotPosition() }
        return try await connection.run { try SnapshotPosition.ofSnapshot($0) }
    }
}
