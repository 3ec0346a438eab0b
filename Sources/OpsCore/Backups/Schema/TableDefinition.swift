/// One table whose rows belong to the database: everything that a reader of its rows needs.
public struct TableDefinition: Sendable, Equatable {
    public let name: String
    public let engine: String
    /// Its rows are seen as of the snapshot; without that they are only consistent while a lock is held.
    public let isTransactional: Bool
    /// All columns in their order, also generated and invisible ones. A system-versioned table without explicit period
    /// columns has two more, which only `SELECT row_start, row_end` shows.
    public let columns: [TableColumnDefinition]
    /// A key to cut the table into ranges by; nil when one reader must read it as a whole.
    public let key: TableKeyDefinition?
    /// An estimate of the engine, 0 where it has none.
    public let estimatedRows: Int
    /// Bytes of the rows without secondary indexes; an estimate of the engine, 0 where it has none.
    public let dataLength: Int
    /// The next value; nil without an AUTO_INCREMENT column, or before the first row.
    public internal(set) var autoIncrement: UInt64?
    public let isPartitioned: Bool
    /// MariaDB's WITH SYSTEM VERSIONING. As mariadb-dump does by default, only the current rows are dumped: a plain SELECT
    /// shows no others, and an INSERT could not write the history without a privilege of its own.
    public let isSystemVersioned: Bool
    public let comment: String
    /// When the server says it was made, as it prints it; nil where it does not say.
    public let createdAt: String?

    /// The columns that stand in an INSERT.
    public var storedColumns: [TableColumnDefinition] { columns.filter { !$0.isGenerated } }

    /// False for tables that only show the rows of others, MERGE and FEDERATED: as with the servers' own dump tools, only
    /// their definition is dumped.
    public var hasOwnRows: Bool { !["MRG_MYISAM", "MRG_ISAM", "FEDERATED"].contains(engine.uppercased()) }

    /// One of this toolkit's own tables: it has both the name and the comment.
    public var isToolkitTable: Bool { SchemaToolkitTable(name: name, comment: comment) != nil }
}
