import Foundation

extension SchemaReader {
    /// What information_schema.TABLES says of a table, a sequence or a view.
    struct Listing {
        var name: String
        /// `table`, `sequence` or `view`.
        var kind: SchemaObject.Kind
        var engine = ""
        var options = ""
        var comment = ""
        var createdAt: String?
        var isSystemVersioned = false
        var size = Size()
    }

    /// The engine's own estimates.
    struct Size {
        var rows = 0
        var bytes = 0

        init() {}
        init(_ row: DatabaseRow, rows: String, bytes: String) {
            self.rows = row.int(rows) ?? 0
            self.bytes = row.int(bytes) ?? 0
        }
    }

    /// Everything that has a name like a table, in the order of the names' bytes; the toolkit's tables of the moment and
    /// temporary tables are left out.
    func readListings() throws -> [Listing] {
        let sizes = session.server.flavour == .mariadb ? ", TABLE_ROWS AS n, DATA_LENGTH AS bytes" : ""
        let rows = try session.query(
            """
            SELECT TABLE_NAME AS name, TABLE_TYPE AS type, ENGINE AS engine, CREATE_OPTIONS AS options,
                TABLE_COMMENT AS comment, CREATE_TIME AS created\(SQLQuery(unquoted: sizes))
            FROM information_schema.TABLES WHERE TABLE_SCHEMA = \(session.database)
            """)
        var listings = try rows.compactMap(listing)
        if session.server.flavour == .mysql {
            let sizes = try readSizes()
            for index in listings.indices { listings[index].size = sizes[Array(listings[index].name.utf8)] ?? Size() }
        }
        return listings.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private func listing(_ row: DatabaseRow) throws -> Listing? {
        let name = row.text("name") ?? ""
        var listing = Listing(name: name, kind: .table)
        switch row.text("type") {
        case "BASE TABLE": break
        case "SYSTEM VERSIONED": listing.isSystemVersioned = true
        case "SEQUENCE": listing.kind = .sequence
        case "VIEW": listing.kind = .view
        case "TEMPORARY", "TEMPORARY SEQUENCE", "LOCAL TEMPORARY": return nil
        case let type: throw SchemaError.unknownTableType(type ?? "?", table: name)
        }
        listing.engine = row.text("engine") ?? ""
        listing.options = row.text("options") ?? ""
        listing.comment = row.text("comment") ?? ""
        listing.createdAt = row.text("created")
        if row.columns.contains("n") { listing.size = Size(row, rows: "n", bytes: "bytes") }
        if let own = SchemaToolkitTable(name: name, comment: listing.comment), !own.isDumped { return nil }
        return listing
    }

    /// MySQL's information_schema holds figures of up to a day ago, and asking for fresh ones costs about two
    /// milliseconds a table; InnoDB keeps better ones in a table, which not every account may read.
    private func readSizes() throws -> [[UInt8]: Size] {
        let others: SQLQuery = """
            SELECT TABLE_NAME AS name, TABLE_ROWS AS n, DATA_LENGTH AS bytes FROM information_schema.TABLES
            WHERE TABLE_SCHEMA = \(session.database) AND TABLE_TYPE = 'BASE TABLE'
            """
        do {
            let rows = try session.query(
                """
                SELECT table_name AS name, n_rows AS n, clustered_index_size * @@innodb_page_size AS bytes
                FROM mysql.innodb_table_stats WHERE database_name = \(session.database)
                """)
            return Self.sizes(rows).merging(Self.sizes(try session.query("\(others) AND ENGINE <> 'InnoDB'"))) { $1 }
        } catch let error as DatabaseError where error.kind == .accessDenied {
            return Self.sizes(try session.query(others))
        }
    }

    /// A partition is listed as `t#P#p0`.
    private static func sizes(_ rows: ResultSet) -> [[UInt8]: Size] {
        var sizes: [[UInt8]: Size] = [:]
        for row in rows {
            guard let name = row.text("name") else { continue }
            let end = ["#P#", "#p#"].compactMap { name.range(of: $0)?.lowerBound }.min() ?? name.endIndex
            let table = Array(name[..<end].utf8)
            let size = Size(row, rows: "n", bytes: "bytes")
            sizes[table, default: Size()].rows += size.rows
            sizes[table, default: Size()].bytes += size.bytes
        }
        return sizes
    }
}
