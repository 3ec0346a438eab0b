/// An object of a schema that a statement names.
struct NamedObject: Sendable, Equatable, Hashable, Codable {
    /// What SHOW CREATE calls it.
    enum Kind: String, Sendable, Codable {
        case table = "TABLE"
        case view = "VIEW"
        case procedure = "PROCEDURE"
        case function = "FUNCTION"
        case trigger = "TRIGGER"
        case event = "EVENT"
        case sequence = "SEQUENCE"
        case database = "DATABASE"
    }

    var kind: Kind
    /// Nil where the statement leaves it to the session's default database.
    var schema: String?
    var name: String

    /// The name as SQL, in full.
    var qualifiedName: SQLQuery {
        let prefix = schema.map { SQLQuery.identifier($0) + "." } ?? ""
        return SQLQuery(unquoted: prefix + SQLQuery.identifier(name))
    }

    /// The same object in full, where the default database is `database`.
    func inDatabase(_ database: String) -> NamedObject {
        guard schema == nil, kind != .database else { return self }
        var object = self
        object.schema = database
        return object
    }
}
