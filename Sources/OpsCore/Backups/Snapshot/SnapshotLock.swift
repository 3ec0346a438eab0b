/// Opens the snapshots of several sessions while a global read lock is held.
///
/// FLUSH TABLES WITH READ LOCK waits for the statements that are running, and every other writer waits behind it. So it
/// may wait only shortly, and is tried a few times.
struct SnapshotLock: Sendable {
    private enum Taking {
        case taken, refused, timedOut
    }

    private static let attempts = 3
    /// Seconds that the lock may be waited for, which is how long one attempt can hold up the application.
    private static let longestWait = 2
    /// Seconds after which the server frees the lock of a session that does nothing: this process may be stopped or cut
    /// off while it has the lock.
    private static let longestIdle = 10

    let opener: SnapshotOpener
    let connections: [DatabaseConnection]

    /// Opens the snapshots; nil when the lock could not be had.
    /// - Parameters:
    ///   - notes: takes why, and what else the operator should know.
    ///   - readUnversioned: called under the lock, when there are tables without versions.
    func open(
        _ notes: inout [String], readUnversioned: SnapshotOpener.ReadUnversioned
    ) async throws -> Snapshot? {
        let holder = try await SnapshotSession.open(opener.database, server: opener.server)
        let isAsked = opener.desync && opener.server.isGalera
        let isDesynced = isAsked ? try await self.isDesynced(holder) : false
        if isDesynced {
            notes.append(
                "this node was allowed to fall behind the cluster already, and still is: when nobody wants that any more, "
                    + "SET GLOBAL wsrep_desync = 0")
        }
        guard isAsked, !isDesynced else {
            return try await tryToOpen(holder, &notes, readUnversioned)
        }
        if let refusal = try await setDesync(true, holder) {
            notes.append("the other nodes of the cluster may have to wait for this one: \(refusal)")
            return try await tryToOpen(holder, &notes, readUnversioned)
        }
        do {
            let snapshot = try await tryToOpen(holder, &notes, readUnversioned)
            if let refusal = try await setDesync(false, holder) {
                notes.append(
                    "this node is still allowed to fall behind the cluster, SET GLOBAL wsrep_desync = 0: \(refusal)")
            }
            return snapshot
        } catch {
            // The caller's task may be cancelled; the node must be put back all the same.
            await Task { await putBack(holder) }.value
            throw error
        }
    }

    /// A session that holds the lock is refused it, and after a failure the session may be gone. Where nothing helps, the
    /// next backup of this node with `--desync` tells that it is still allowed to fall behind.
    private func putBack(_ holder: DatabaseConnection) async {
        do {
            try await holder.execute("UNLOCK TABLES")
            if try await setDesync(false, holder) == nil { return }
        } catch {
            // Another session may do it.
        }
        guard let other = try? await SnapshotSession.open(opener.database, server: opener.server) else { return }
        _ = try? await setDesync(false, other)
    }

    private func tryToOpen(
        _ holder: DatabaseConnection, _ notes: inout [String], _ readUnversioned: SnapshotOpener.ReadUnversioned
    ) async throws -> Snapshot? {
        let clock = ContinuousClock()
        for attempt in 1...Self.attempts {
            if attempt > 1 { try await Task.sleep(for: .seconds(1)) }
            let start = clock.now
            switch try await take(holder) {
            case .timedOut: continue
            case .refused:
                notes.append("the account may not lock all tables, which needs RELOAD")
                return nil
            case .taken: return try await openLocked(holder, since: start, readUnversioned)
            }
        }
        let waited = "\(Self.attempts) times \(Self.longestWait) s"
        notes.append("the lock on all tables could not be had within \(waited): long statements are running")
        return nil
    }

    private func take(_ holder: DatabaseConnection) async throws -> Taking {
        // While the tables without versions are read, the session is idle for as long as that takes.
        let idle = opener.unversionedTables.isEmpty ? Self.longestIdle : 604_800
        do {
            try await holder.run { session in
                try session.execute(
                    "SET SESSION lock_wait_timeout = \(Self.longestWait), wait_timeout = \(idle)")
                try session.execute("FLUSH TABLES WITH READ LOCK")
            }
            return .taken
        } catch let error as DatabaseError where error.kind == .accessDenied {
            return .refused
        } catch let error as DatabaseError where error.kind == .lockWaitTimeout {
            return .timedOut
        }
    }

    private func openLocked(
        _ holder: DatabaseConnection, since start: ContinuousClock.Instant,
        _ readUnversioned: SnapshotOpener.ReadUnversioned
    ) async throws -> Snapshot {
        for connection in connections { try await opener.begin(connection) }
        // MySQL's position belongs to the snapshots only while the lock is held; MariaDB keeps it with the snapshot, and
        // takes longer to tell it.
        var position: SnapshotPosition?
        if opener.server.flavour == .mysql { position = try await holder.run { try SnapshotPosition.ofServer($0) } }
        if !opener.unversionedTables.isEmpty {
            let known = if let position { position } else { try await opener.position(connections[0]) }
            try await readUnversioned(known, connections)
            position = known
        }
        // Fails when the server has taken the lock away meanwhile.
        try await holder.execute("UNLOCK TABLES")
        let time = start.duration(to: .now).milliseconds
        let known = if let position { position } else { try await opener.position(connections[0]) }
        return Snapshot(method: .readLock, lockMs: time, position: known)
    }

    /// Whether an operator has let the node fall behind already, and will say when that is over.
    private func isDesynced(_ holder: DatabaseConnection) async throws -> Bool {
        try await holder.query("SELECT @@GLOBAL.wsrep_desync").first?.bool(0) == true
    }

    /// Lets the node fall behind the cluster, or no longer.
    /// - Returns: why the server refused it, which is no reason to do without a backup; nil when it is done.
    private func setDesync(_ value: Bool, _ holder: DatabaseConnection) async throws -> String? {
        do {
            try await holder.execute("SET GLOBAL wsrep_desync = \(value)")
            return nil
        } catch let error as DatabaseError where !error.isConnectionLost && error.kind != .interrupted {
            return error.message
        }
    }
}
