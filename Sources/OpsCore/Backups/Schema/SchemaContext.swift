/// The settings under which a view or a stored program was made, and with which it has to be made again: the server keeps
/// them with the object, and it means something else under others.
struct SchemaContext: Sendable, Equatable {
    var characterSet: String
    var collation: String
    /// Nil for views, which are kept in one normal form.
    var sqlMode: String?
    /// Only events have one.
    var timeZone: String?
    /// The database's collation when it was made, which decides the character set of parameters and variables.
    var databaseCollation: String?
    /// The database's collation now.
    var currentDatabaseCollation: String

    /// From a row of SHOW CREATE.
    init(_ row: DatabaseRow, databaseCollation: String) {
        func value(_ name: String) -> String? { row.columns.contains(name) ? row.text(name) : nil }
        characterSet = value("character_set_client") ?? "utf8mb4"
        collation = value("collation_connection") ?? databaseCollation
        sqlMode = value("sql_mode")
        timeZone = value("time_zone")
        self.databaseCollation = value("Database Collation")
        currentDatabaseCollation = databaseCollation
    }

    /// The dialect in which the object's text is written.
    var dialect: ScriptDialect { ScriptDialect(sqlMode: sqlMode ?? "") }

    /// A dump tool's way, which both flavours understand: everything is remembered in user variables.
    var begin: String {
        var settings = ["character_set_client = \(characterSet)", "collation_connection = \(collation)"]
        var saved = ["@sysndd_cs = @@character_set_client", "@sysndd_co = @@collation_connection"]
        if let sqlMode {
            saved.append("@sysndd_mode = @@sql_mode")
            settings.append("sql_mode = '\(sqlMode)'")
        }
        if let timeZone {
            saved.append("@sysndd_tz = @@time_zone")
            settings.append("time_zone = \(SQLQuery.literal(timeZone))")
        }
        let alter = otherDatabaseCollation.map { "ALTER DATABASE COLLATE \($0);\n" } ?? ""
        return alter + "SET \(saved.joined(separator: ", "));\nSET \(settings.joined(separator: ", "))"
    }

    /// Undoes ``begin``.
    var end: String {
        var settings = ["character_set_client = @sysndd_cs", "collation_connection = @sysndd_co"]
        if sqlMode != nil { settings.append("sql_mode = @sysndd_mode") }
        if timeZone != nil { settings.append("time_zone = @sysndd_tz") }
        let alter = otherDatabaseCollation.map { _ in ";\nALTER DATABASE COLLATE \(currentDatabaseCollation)" } ?? ""
        return "SET \(settings.joined(separator: ", "))" + alter
    }

    private var otherDatabaseCollation: String? {
        databaseCollation == currentDatabaseCollation ? nil : databaseCollation
    }
}
