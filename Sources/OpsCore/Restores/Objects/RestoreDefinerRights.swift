/// Whether the account may make again what it drops for the exchange: triggers and events that run as other accounts.
///
/// Without that right the exchange could neither be completed nor taken back, so it is found out before.
struct RestoreDefinerRights {
    private static let probe = "sysndd_ctl_definer_probe"

    let database: String

    /// Makes an event of each such definer in the session's own schema, which never runs, and drops it: the right to name a
    /// definer is the same for all kinds of objects, and no binary log or table stands in the way of an event.
    /// - Throws: ``RestoreError`` for the first that the account may not name; ``DatabaseError``.
    func require(_ scope: RestoreScope, _ session: MariaDBHandle) throws {
        // An earlier process may have left it.
        try session.execute("DROP EVENT IF EXISTS \(identifier: Self.probe)")
        for definer in try definers(scope, session) {
            guard let at = definer.lastIndex(of: "@") else { continue }
            let account = SQLQuery(
                unquoted: SQLQuery.identifier(String(definer[..<at])) + "@"
                    + SQLQuery.identifier(String(definer[definer.index(after: at)...])))
            do {
                try session.execute(
                    """
                    CREATE DEFINER = \(account) EVENT \(identifier: Self.probe) ON SCHEDULE AT '2037-01-01' DISABLE DO DO 1
                    """)
                try session.execute("DROP EVENT \(identifier: Self.probe)")
            } catch let error as DatabaseError where error.kind == .accessDenied {
                throw RestoreError.noDefiner(definer, error)
            }
        }
    }

    private func definers(_ scope: RestoreScope, _ session: MariaDBHandle) throws -> [String] {
        let triggers = try session.query(
            """
            SELECT DISTINCT DEFINER, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS
            WHERE TRIGGER_SCHEMA = \(database) AND DEFINER <> CURRENT_USER()
            """
        ).filter { scope.contains($0.text(1) ?? "") }
        let events = try session.query(
            """
            SELECT DISTINCT DEFINER FROM information_schema.EVENTS
            WHERE EVENT_SCHEMA = \(database) AND DEFINER <> CURRENT_USER()
            """
        ).filter { _ in scope.isWhole }
        return Set((triggers + events).compactMap { $0.text(0) }).sorted()
    }
}

extension RestoreError {
    static func noDefiner(_ definer: String, _ cause: DatabaseError) -> Self {
        Self(
            "RESTORE_NO_DEFINER",
            "the database has triggers or events of \(definer), which this account may not make again after they were "
                + "dropped for the exchange: \(cause.message)",
            hint: "see sysndd-ctl grants --role restore", exit: .notPermitted)
    }
}
