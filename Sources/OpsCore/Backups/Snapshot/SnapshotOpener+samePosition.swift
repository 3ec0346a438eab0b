extension SnapshotOpener {
    private static let attempts = 5

    /// Opens all snapshots without a lock, and looks whether anything was committed meanwhile; tries again a few times.
    /// - Returns: false when it never was quiet for long enough, or nobody can tell; the reason is added to `notes`.
    func openAtSamePosition(_ connections: [DatabaseConnection], _ notes: inout [String]) async throws -> Bool {
        for attempt in 1...Self.attempts {
            if attempt > 1 { try await Task.sleep(for: .milliseconds(50 * attempt)) }
            let before = try await stamp(connections[0])
            try await Task.sleep(for: .milliseconds(5))
            for connection in connections { try await begin(connection) }
            if let isSame = try await haveOnePosition(connections) {
                if isSame { return true }
                continue
            }
            guard let before else {
                notes.append("the account may not read a position to compare: it needs PROCESS")
                return false
            }
            try await Task.sleep(for: .milliseconds(5))
            if try await stamp(connections[0]) == before { return true }
        }
        notes.append("in \(Self.attempts) attempts something was always committed while the connections began")
        return false
    }

    /// Compares the positions that MariaDB keeps with the snapshots; nil where there are none.
    private func haveOnePosition(_ connections: [DatabaseConnection]) async throws -> Bool? {
        guard server.flavour == .mariadb else { return nil }
        var positions: [SnapshotPosition] = []
        for connection in connections {
            positions.append(try await connection.run { try SnapshotPosition.inBinlog(of: $0) })
        }
        return positions[0].binlogFile == nil ? nil : positions.allSatisfy { $0 == positions[0] }
    }

    private func stamp(_ connection: DatabaseConnection) async throws -> SnapshotStamp? {
        try await connection.run { [server] in SnapshotStamp(of: $0, server: server) }
    }
}
