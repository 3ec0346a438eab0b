/// What privileges are on.
enum GrantScope: Hashable, Sendable {
    case server
    /// All objects of one database.
    case database(String)
    /// All objects of every database whose name begins so.
    case databases(prefix: String)
    case table(database: String, String)

    /// As a GRANT writes it. In the name of a database `_` and `%` are wildcards there, unless a backslash stands before.
    var text: String {
        switch self {
        case .server: "*.*"
        case .database(let name): "\(SQLQuery.identifier(Self.escaped(name))).*"
        case .databases(let prefix): "\(SQLQuery.identifier(Self.escaped(prefix) + "%")).*"
        case .table(let database, let table): "\(SQLQuery.identifier(database)).\(SQLQuery.identifier(table))"
        }
    }

    private static func escaped(_ name: String) -> String {
        name.replacing("\\", with: "\\\\").replacing("_", with: "\\_").replacing("%", with: "\\%")
    }
}
