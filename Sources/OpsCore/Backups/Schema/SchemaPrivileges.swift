import Foundation

/// What an account may do in one whole database, as SHOW GRANTS tells it.
///
/// An object on which an account has no right is not listed by the servers at all, so only a right on the whole database
/// makes sure that a list is complete.
struct SchemaPrivileges: Sendable, Equatable {
    /// Rights on the database, granted for it or for all databases.
    private(set) var held: Set<String> = []
    /// Rights on all databases.
    private(set) var global: Set<String> = []
    /// MariaDB keeps routines in a table, and shows them to who may read it.
    private(set) var readsRoutineTable = false
    /// `user@host` as the server writes it.
    let account: String

    init(grants: [String], account: String, database: String) {
        self.account = account
        for grant in grants { read(grant, database: database) }
    }

    /// The grants of the session's account and of its active roles.
    init(asking session: SchemaReadingSession) throws {
        let row = try session.query("SELECT CURRENT_USER(), CURRENT_ROLE()").first
        let roles = row?.text(1) ?? "NONE"
        let isExpanded = session.server.flavour == .mysql && roles != "NONE"
        // MariaDB lists the grants of the active role by itself.
        let grants = try session.query(
            SQLQuery(unquoted: "SHOW GRANTS" + (isExpanded ? " FOR CURRENT_USER() USING \(roles)" : "")))
        self.init(
            grants: grants.compactMap { $0.text(0) }, account: row?.text(0) ?? "the account",
            database: session.database)
    }

    func holds(_ privilege: String) -> Bool { held.contains("ALL PRIVILEGES") || held.contains(privilege) }

    /// The privileges without which an object could be missing from the servers' lists; empty when all are held.
    func missing(on server: ServerInfo) -> [String] {
        var missing = ["SELECT", "TRIGGER", "EVENT"].filter { !holds($0) }
        if !listsRoutines { missing.append(Self.routinePrivilege(of: server)) }
        return missing
    }

    private var listsRoutines: Bool {
        readsRoutineTable || global.contains("SELECT") || global.contains("ALL PRIVILEGES")
            || Self.routineRights.contains(where: holds)
    }

    private static let routineRights = [
        "EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW_ROUTINE", "SHOW CREATE ROUTINE",
    ]

    /// What an account lacks that may not read a routine of another one.
    static func routinePrivilege(of server: ServerInfo) -> String {
        switch server.flavour {
        case .mysql: "SHOW_ROUTINE"
        case .mariadb: server.isAtLeast([11, 3]) ? "SHOW CREATE ROUTINE" : "SELECT on mysql.proc"
        }
    }

    /// `GRANT a, b ON *.* TO …`; MySQL's partial revokes are lines that begin with REVOKE.
    private mutating func read(_ grant: String, database: String) {
        guard let on = grant.range(of: " ON ") else { return }
        let words = grant[..<on.lowerBound]
        let scope = grant[on.upperBound...]
        let list = words.drop { $0 != " " }.split(separator: ",").map { String($0.trimmingPrefix { $0 == " " }) }
        let isGlobal = scope.hasPrefix("*.* ")
        let isRevoke = words.hasPrefix("REVOKE ")
        if isGlobal, !isRevoke { global.formUnion(list) }
        if scope.hasPrefix("`mysql`.`proc` ") || scope.hasPrefix("`mysql`.* ") {
            readsRoutineTable = readsRoutineTable || list.contains("SELECT") || list.contains("ALL PRIVILEGES")
        }
        guard isGlobal || Self.names(scope, database) else { return }
        if isRevoke { held.subtract(list) } else { held.formUnion(list) }
    }

    /// Whether `` `pattern`.* `` covers the database: `_` and `%` are wildcards unless a backslash stands before them.
    static func names(_ scope: Substring, _ database: String) -> Bool {
        guard scope.first == "`", let end = scope.range(of: "`.* ") else { return false }
        let pattern = scope[scope.index(after: scope.startIndex)..<end.lowerBound].replacing("``", with: "`")
        return matches(Array(pattern.unicodeScalars)[...], Array(database.unicodeScalars)[...])
    }

    private static func matches(_ pattern: ArraySlice<Unicode.Scalar>, _ text: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        let rest = pattern.dropFirst()
        switch first {
        case "%":
            return matches(rest, text) || !text.isEmpty && matches(pattern, text.dropFirst())
        case "\\":
            guard let literal = rest.first else { return false }
            return text.first == literal && matches(rest.dropFirst(), text.dropFirst())
        default:
            guard let character = text.first, first == "_" || first == character else { return false }
            return matches(rest, text.dropFirst())
        }
    }
}
