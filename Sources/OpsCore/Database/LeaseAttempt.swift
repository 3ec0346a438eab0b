/// One try to take a lease, and what others may see of it.
struct LeaseAttempt: Sendable {
    enum Outcome: Sendable {
        case taken(token: UInt64)
        case held(LeaseHolder)
    }

    let table: LeaseTable
    let name: String

    /// Takes the lease if it is free or its holder is dead.
    /// - Throws: ``LeaseError`` of kind `unavailable` where the table cannot be made or written; ``DatabaseError``.
    func take(for holding: LeaseHolding, _ session: MariaDBHandle) throws -> Outcome {
        do {
            return try LeaseConflict.retrying { try attempt(for: holding, session) }
        } catch let error as DatabaseError where Self.meansUnavailable(error) {
            throw LeaseError.unavailable(error.message)
        }
    }

    /// Who keeps others out now: nil while the lease could be taken. Changes nothing.
    func holder(_ session: MariaDBHandle) throws -> LeaseHolder? {
        guard let row = try table.row(name, session), row.owner != nil else { return nil }
        let server = try LeaseServer(asking: session)
        return row.claim(server: server, sessions: try sessions(of: row, on: server, session)) == nil ? row.holder : nil
    }

    private func attempt(for holding: LeaseHolding, _ session: MariaDBHandle) throws -> Outcome {
        while true {
            guard let row = try table.row(name, session) else {
                try table.prepare(name, session)
                continue
            }
            let sessions = try sessions(of: row, on: holding.server, session)
            guard let claim = row.claim(server: holding.server, sessions: sessions) else {
                // Only a row with a holder cannot be claimed.
                if let holder = row.holder { return .held(holder) } else { continue }
            }
            do {
                let token = try table.take(name, row, as: claim, for: holding, session)
                if let token { return .taken(token: token) }
            } catch let error as DatabaseError where error.kind == .lockWaitTimeout {
                // What keeps this session from the row may keep its holder from renewing it.
                guard let holder = row.holder else { throw error }
                return .held(holder)
            }
            // Somebody else changed the row since it was read; a look at it tells who.
        }
    }

    /// A list that cannot be read proves nothing.
    private func sessions(
        of row: LeaseRow, on server: LeaseServer, _ session: MariaDBHandle
    ) throws -> LeaseSessions? {
        guard row.owner != nil, row.node == server.node, row.serverStarted == server.started else { return nil }
        do {
            return try LeaseSessions(of: row, session)
        } catch let error as DatabaseError where !error.isConnectionLost {
            return nil
        }
    }

    /// Refusals that come with the server's state or with the account, not with the moment: `--read-only` (1290), read-only
    /// transactions (1792), modes of InnoDB (1836, 1874, 1036), and rights (1044, 1142, 1143, 1227, 1370).
    static func meansUnavailable(_ error: DatabaseError) -> Bool {
        [1290, 1792, 1836, 1874, 1036, 1044, 1142, 1143, 1227, 1370].contains(error.number)
    }
}
