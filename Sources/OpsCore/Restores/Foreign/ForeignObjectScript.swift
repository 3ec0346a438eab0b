/// The statements that make one object of a dump, under the settings that the dump made for it.
struct ForeignObjectScript {
    private(set) var bytes: [UInt8]
    private let dialect: ScriptDialect
    private let flavour: ServerInfo.Flavour

    /// The default of a database.
    struct Collation: Sendable, Equatable {
        var characterSet: String
        var collation: String

        var clause: String { "CHARACTER SET \(characterSet) COLLATE \(collation)" }
    }

    init(_ key: ForeignObject.Key, dialect: ScriptDialect, isMySQL: Bool) {
        bytes = Array("-- \(key.type) \(SchemaScript.commentText(SQLQuery.identifier(key.name)))\n".utf8)
        self.dialect = dialect
        flavour = isMySQL ? .mysql : .mariadb
    }

    /// - Parameters:
    ///   - settings: character set and collation of the session, SQL mode, time zone.
    ///   - collations: the default of the database that the dump made it under, and the one that the database has, where
    ///     they differ.
    mutating func add(
        _ statement: [UInt8], settings: [String], collations: (dump: Collation, database: Collation)?
    ) {
        let own = settings.map(SQLQuery.literal)
        if let collations { add("ALTER DATABASE \(collations.dump.clause)") }
        add(
            """
            SET @sysndd_mode = @@sql_mode, @sysndd_client = @@character_set_client,
                @sysndd_connection = @@collation_connection, @sysndd_zone = @@time_zone
            """)
        add(
            """
            SET character_set_client = \(own[0]), collation_connection = \(own[1]), sql_mode = \(own[2]),
                time_zone = \(own[3])
            """)
        let text = SchemaClientText(statement, dialect: dialect, characterSet: settings[0], flavour: flavour)
        bytes += Array("DELIMITER \(text.delimiter)\n".utf8) + statement
        bytes += Array("\n\(text.delimiter)\nDELIMITER ;\n".utf8)
        add(
            """
            SET sql_mode = @sysndd_mode, character_set_client = @sysndd_client,
                collation_connection = @sysndd_connection, time_zone = @sysndd_zone
            """)
        if let collations { add("ALTER DATABASE \(collations.database.clause)") }
    }

    private mutating func add(_ statement: String) { bytes += Array((statement + ";\n").utf8) }
}
