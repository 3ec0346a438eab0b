/// What the server's process list shows of a holder's sessions.
struct LeaseSessions: Sendable, Equatable {
    /// How many of the holder's sessions exist.
    let present: Int
    /// How many of them are running a statement, or wait for a lock in one.
    let working: Int

    init(present: Int, working: Int) {
        self.present = present
        self.working = working
    }

    /// Reads the process list; nil when it proves nothing.
    ///
    /// An account sees its own sessions, and with the PROCESS privilege all of them. So the list is proof for a holder of
    /// the same account, and for every holder if a session of another account is seen. One that does not even show the
    /// asking session is no proof at all.
    init?(of row: LeaseRow, _ session: MariaDBHandle) throws {
        let list = session.serverVersion.contains("MariaDB") ? "information_schema" : "performance_schema"
        let ids = ([row.connectionID] + row.workSessions).map(String.init).joined(separator: ", ")
        // A server that was started twice within one second gives the same numbers again: the asking session is not theirs.
        let isTheirs = SQLQuery(unquoted: "(ID IN (\(ids)) AND ID <> CONNECTION_ID())")
        let result = try session.query(
            """
            SELECT CURRENT_USER() AS account, SUM(ID = CONNECTION_ID()) AS own,
                SUM(USER <> SUBSTRING_INDEX(USER(), '@', 1)) AS others, SUM(\(isTheirs)) AS present,
                SUM(\(isTheirs) AND COMMAND <> 'Sleep') AS working
            FROM \(SQLQuery(unquoted: list)).processlist
            """
        ).first
        guard let result, result.int("own") == 1 else { return nil }
        guard result.text("account") == row.account || (result.int("others") ?? 0) > 0 else { return nil }
        self.init(present: result.int("present") ?? 0, working: result.int("working") ?? 0)
    }
}
