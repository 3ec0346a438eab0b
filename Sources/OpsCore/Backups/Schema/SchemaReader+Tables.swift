extension SchemaReader {
    /// The tables among `listings`, with their columns and keys.
    func readTables(_ listings: [Listing]) throws -> [TableDefinition] {
        let engines = try readTransactionalEngines()
        let tables = listings.filter { $0.kind == .table }
        let columns = try readColumns(of: Set(tables.map { Array($0.name.utf8) }))
        let keys = try readKeyParts()
        return try tables.map { listing in
            let name = Array(listing.name.utf8)
            guard let columns = columns[name] else {
                throw SchemaError.withoutColumns(listing.name, reason: listing.comment)
            }
            return TableDefinition(
                name: listing.name, engine: listing.engine,
                isTransactional: engines.contains(listing.engine.uppercased()), columns: columns,
                key: .best(of: keys[name] ?? [], columns: columns), estimatedRows: listing.size.rows,
                dataLength: listing.size.bytes, isPartitioned: listing.options.contains("partitioned"),
                isSystemVersioned: listing.isSystemVersioned, comment: listing.comment, createdAt: listing.createdAt)
        }
    }

    private func readTransactionalEngines() throws -> Set<String> {
        let rows = try session.query("SELECT ENGINE FROM information_schema.ENGINES WHERE TRANSACTIONS = 'YES'")
        return Set(rows.compactMap { $0.text(0)?.uppercased() })
    }

    /// Names are compared by their bytes: to a String, two names are equal that a server tells apart.
    private func readColumns(of tables: Set<[UInt8]>) throws -> [[UInt8]: [TableColumnDefinition]] {
        let rows = try session.query(
            """
            SELECT TABLE_NAME AS tab, COLUMN_NAME AS name, DATA_TYPE AS type, COLUMN_TYPE AS full_type,
                CHARACTER_SET_NAME AS cs, IS_NULLABLE AS nullable, EXTRA AS extra, PRIVILEGES AS privileges
            FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = \(session.database) ORDER BY ORDINAL_POSITION
            """)
        var columns: [[UInt8]: [TableColumnDefinition]] = [:]
        for row in rows {
            guard let table = row.values[0], tables.contains(table) else { continue }
            columns[table, default: []].append(try column(row, table: String(decoding: table, as: UTF8.self)))
        }
        return columns
    }

    private func column(_ row: DatabaseRow, table: String) throws -> TableColumnDefinition {
        let name = row.text("name") ?? ""
        let type = row.text("type")?.lowercased() ?? ""
        let extra = row.text("extra")?.uppercased() ?? ""
        guard row.text("privileges")?.lowercased().contains("select") ?? false else {
            throw SchemaError.refused(.table, table, privilege: "SELECT")
        }
        guard let format = TableColumnDefinition.Format(dataType: type, characterSet: row.text("cs")) else {
            throw SchemaError.unknownType(row.text("full_type") ?? type, column: name, table: table)
        }
        return TableColumnDefinition(
            name: name, dataType: type, columnType: row.text("full_type") ?? type, characterSet: row.text("cs"),
            isNullable: row.text("nullable") == "YES",
            isGenerated: ["VIRTUAL GENERATED", "STORED GENERATED"].contains { extra.contains($0) },
            isInvisible: extra.contains("INVISIBLE"), format: format)
    }

    private func readKeyParts() throws -> [[UInt8]: [TableKeyDefinition.Part]] {
        let hidden = session.server.flavour == .mysql ? "IS_VISIBLE = 'NO'" : "IGNORED = 'YES'"
        let rows = try session.query(
            """
            SELECT TABLE_NAME, INDEX_NAME AS name, COLUMN_NAME AS col, SUB_PART IS NOT NULL AS prefix,
                INDEX_TYPE AS type, \(SQLQuery(unquoted: hidden)) AS hidden
            FROM information_schema.STATISTICS
            WHERE TABLE_SCHEMA = \(session.database) AND NON_UNIQUE = 0 ORDER BY SEQ_IN_INDEX
            """)
        var keys: [[UInt8]: [TableKeyDefinition.Part]] = [:]
        for row in rows {
            guard let table = row.values[0] else { continue }
            keys[table, default: []].append(
                TableKeyDefinition.Part(
                    index: row.text("name") ?? "", column: row.text("col"), isPrefix: row.bool("prefix"),
                    indexType: row.text("type") ?? "", isHidden: row.bool("hidden")))
        }
        return keys
    }

    /// The statement of a table, exactly as the server shows it but for the name of its own database and for what the
    /// server shows wrong.
    mutating func readTable(_ table: inout TableDefinition) throws -> SchemaObject {
        let row = try session.showCreate(.table, table.name, privilege: "SELECT")
        var statement = try session.statement("Create Table", in: row, of: .table, table.name, privilege: "SELECT")
        if session.server.flavour == .mariadb {
            statement = SchemaForeignKeyNames.repaired(statement)
            if statement.containsSubsequence(Array("val(`".utf8)) {
                statement = SchemaQualifier(table: statement, database: session.database).text
            }
        }
        statement = try withPrintableDefaults(statement, of: table)
        table.autoIncrement = SchemaCounter.value(in: statement)
        var script = SchemaScript(.table, table.name)
        script.add(drop: .table, table.name)
        script.add(statement)
        return SchemaObject(
            .table, table.name, sql: script.bytes, definition: SchemaCounter.removed(from: statement))
    }

    /// A sequence, which continues where it was.
    func readSequence(_ name: String) throws -> SchemaObject {
        let row = try session.showCreate(.sequence, name, privilege: "SELECT")
        let statement = try session.statement("Create Table", in: row, of: .sequence, name, privilege: "SELECT")
        let state = try session.query("SELECT * FROM \(identifier: name)").first
        var script = SchemaScript(.sequence, name)
        script.add(drop: .sequence, name)
        script.add(statement)
        if let state { script.add(Self.setValue(name, state)) }
        return SchemaObject(.sequence, name, sql: script.bytes, definition: statement)
    }

    /// `SETVAL(s, n, 0)` makes n the next value, also one beyond the end of a sequence that is spent.
    private static func setValue(_ name: String, _ state: DatabaseRow) -> String {
        let next = state.text("next_not_cached_value") ?? "1"
        let round = state.text("cycle_count") ?? "0"
        return "DO SETVAL(\(SQLQuery.identifier(name)), \(next), 0, \(round))"
    }
}
