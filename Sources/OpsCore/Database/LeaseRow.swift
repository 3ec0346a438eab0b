import Foundation

/// One row of ``LeaseTable``, as it was when it was read.
struct LeaseRow: Sendable, Equatable {
    /// Nil while the lease is free.
    var owner: LeaseOwner?
    var token: UInt64
    /// The account of the holder's session, as `CURRENT_USER()` writes it.
    var account: String?
    var node: String?
    /// Start of the holder's server, seconds since 1970 by its clock.
    var serverStarted: Int?
    var connectionID: UInt
    var workSessions: [UInt]
    var since: Date
    var heartbeat: Date
    var until: Date
    /// True when `until` is over, by the server's clock.
    var isExpired: Bool

    init(_ row: DatabaseRow) {
        func date(_ column: String) -> Date {
            Date(timeIntervalSince1970: Double(row.int(column) ?? 0) / 1e6)
        }
        owner = row.text("owner").map {
            LeaseOwner(
                operation: row.text("operation") ?? "", jobID: row.text("job_id"), host: $0,
                processID: row.int("process_id") ?? 0)
        }
        token = row.text("token").flatMap { UInt64($0) } ?? 0
        account = row.text("account")
        node = row.text("node")
        serverStarted = row.int("server_started")
        connectionID = row.text("connection_id").flatMap { UInt($0) } ?? 0
        workSessions = (row.text("work_sessions") ?? "").split(separator: ",").compactMap { UInt($0) }
        since = date("acquired")
        heartbeat = date("heartbeat")
        until = date("expires")
        isExpired = row.bool("is_expired")
    }

    /// Who holds the lease; nil while it is free.
    var holder: LeaseHolder? {
        owner.map {
            LeaseHolder(
                owner: $0, token: token, connectionID: connectionID, since: since, heartbeat: heartbeat, until: until)
        }
    }

    /// How the lease may be taken; nil while its holder may be alive.
    ///
    /// A holder is dead when one of these is known:
    /// - Its server was started again since, which ended all sessions. Node and start are stored with the row, and the
    ///   start is exact: it is what the server itself subtracts from the time to tell its uptime.
    /// - None of its sessions is on that server any more. Within one run of a server no connection id is used twice, so an
    ///   id that is missing is proof. It takes a list that would show the holder's sessions: see ``LeaseSessions``.
    /// - Its lease has expired. Only a statement that one of its sessions is seen to run still holds it then. A server goes
    ///   on with the ALTER TABLE of a process that was killed, and the next holder must not meet it; and the renewal of a
    ///   holder that is alive may have to wait, for example for FLUSH TABLES WITH READ LOCK.
    ///
    /// On another node, as in a cluster, connection ids mean nothing, and only the expiry decides.
    func claim(server: LeaseServer, sessions: LeaseSessions?) -> LeaseTable.Claim? {
        guard owner != nil else { return .free }
        if server.node == node {
            if server.started != serverStarted { return .gone }
            if let sessions, sessions.present == 0 { return .gone }
            if let sessions, sessions.working > 0 { return nil }
        }
        return isExpired ? .expired : nil
    }
}
