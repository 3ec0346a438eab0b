/// A schema could not be read as a whole; nothing was changed.
public struct SchemaError: OperatorError, Equatable {
    public let code: String
    public let message: String
    public let hint: String?
    public let exitStatus: ExitStatus

    private init(_ code: String, _ message: String, hint: String? = nil, exit: ExitStatus = .failed) {
        self.code = code
        self.message = message
        self.hint = hint
        exitStatus = exit
    }

    static var noDatabase: Self {
        Self("SCHEMA_NO_DATABASE", "no database is selected, so there is no schema to read", exit: .badSettings)
    }

    /// The account may not see all objects: they would be missing without a word.
    /// - Parameter unreadable: the tables that are known to be out of its reach.
    static func missingPrivileges(
        _ privileges: [String], account: String, database: String, unreadable: [String]
    ) -> Self {
        let list = privileges.joined(separator: ", ")
        let named = unreadable.prefix(10).map(SQLQuery.identifier).joined(separator: ", ")
        let others = unreadable.count > 10 ? " and \(unreadable.count - 10) more" : ""
        return Self(
            "SCHEMA_PRIVILEGE_MISSING",
            "\(account) may not see every object of \(SQLQuery.identifier(database)): the privilege \(list) is missing"
                + (unreadable.isEmpty ? "" : "; it may not read \(named)\(others)"),
            hint: "grant it, or ask for the statements with: sysndd-ctl grants --role backup", exit: .notPermitted)
    }

    /// One object can be seen but not read.
    static func refused(_ kind: SchemaObject.Kind, _ name: String, privilege: String, reason: String? = nil) -> Self {
        Self(
            "SCHEMA_PRIVILEGE_MISSING",
            "the \(kind.rawValue) \(SQLQuery.identifier(name)) cannot be read: the privilege \(privilege) is missing"
                + (reason.map { " (\($0))" } ?? ""),
            hint: "grant it, or ask for the statements with: sysndd-ctl grants --role backup", exit: .notPermitted)
    }

    /// The server cannot show an object that it lists: damaged, or dropped in this moment.
    static func unreadable(_ kind: SchemaObject.Kind, _ name: String, _ cause: DatabaseError) -> Self {
        Self(
            "SCHEMA_OBJECT_UNREADABLE",
            "the \(kind.rawValue) \(SQLQuery.identifier(name)) cannot be read: \(cause.message) (\(cause.number))",
            hint: "if it was dropped or altered just now, run the backup again; else repair or drop it")
    }

    /// A table is listed without columns: dropped in this moment, or its engine cannot open it.
    static func withoutColumns(_ table: String, reason: String) -> Self {
        Self(
            "SCHEMA_OBJECT_UNREADABLE",
            "the table \(SQLQuery.identifier(table)) cannot be read: the server shows no columns of it"
                + (reason.isEmpty ? "" : " (\(reason))"),
            hint: "if it was dropped just now, run the backup again; else repair or drop it")
    }

    static func unknownType(_ type: String, column: String, table: String) -> Self {
        Self(
            "SCHEMA_TYPE_UNKNOWN",
            "the column \(SQLQuery.identifier(table)).\(SQLQuery.identifier(column)) has the type \(type), whose values "
                + "this version does not know how to write")
    }

    static func unknownTableType(_ type: String, table: String) -> Self {
        Self(
            "SCHEMA_TYPE_UNKNOWN", "\(SQLQuery.identifier(table)) is a \(type), which this version cannot dump")
    }
}
