/// Who is in the way of a statement that waits for locks in a database, as far as the server tells.
///
/// MySQL tells who holds the lock on a definition, MariaDB only with the plugin `metadata_lock_info`. Elsewhere the open
/// transactions and running statements are the ones to suspect, and then the idle sessions, which may have locked tables.
struct LockBlockers: Sendable, Equatable {
    /// One session that holds, or may hold, what is waited for.
    struct Session: Sendable, Equatable, CustomStringConvertible {
        var id: Int
        /// Nil where the account may not see them.
        var user: String?
        var host: String?
        /// How long its transaction has been open, else how long it has been doing what it does.
        var seconds: Int?
        /// What it runs; nil while it is idle.
        var statement: String?

        var description: String {
            let account = user.map { " of \($0) from \(host ?? "?")" } ?? ""
            let age = seconds.map { " for \($0) s" } ?? ""
            let work = statement.map { "running\(age): \($0.prefix(200))" } ?? "idle\(age)"
            return "session \(id)\(account), \(user == nil ? "which the account may not see" : work)"
        }
    }

    /// How sure it is.
    enum Evidence: Sendable, Equatable {
        /// The server says that they hold the locks.
        case held
        /// They have a transaction open or run a statement, in this database or in another one.
        case active
        /// They are connected to the database, and no more is known.
        case connected
    }

    var sessions: [Session]
    var evidence: Evidence
    /// Rights that would show more.
    var missingRights: [String]

    /// For an error message.
    var text: String {
        let list = sessions.map(\.description).joined(separator: "; ")
        let rights =
            missingRights.isEmpty
            ? "" : "; not all can be seen, because the account lacks \(missingRights.joined(separator: " and "))"
        guard !sessions.isEmpty else {
            return missingRights.isEmpty
                ? "; who holds them does not show: they may have been given back just now"
                : "; who holds them cannot be seen, because the account lacks "
                    + missingRights.joined(separator: " and ")
        }
        let word =
            switch evidence {
            case .held: "held by"
            case .active: "open transactions and running statements"
            case .connected: "idle sessions, which may have locked tables"
            }
        return "; \(word): \(list)\(rights)"
    }
}
