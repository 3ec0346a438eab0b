/// How far a backup has come.
public struct BackupProgress: Sendable, Equatable {
    /// What is being done.
    public enum Step: String, Sendable {
        case schema, snapshot, rows, objects, verification
    }

    public var step: Step
    /// The table that the latest rows are of.
    public var table: String?
    /// Rows that were read.
    public var rows: Int
    /// Rows that the server expects to have; an estimate, and often wrong by a third.
    public var estimatedRows: Int
    /// Bytes of SQL that were written, before compression.
    public var bytes: Int
    /// Tables whose last row was read.
    public var tables: Int
    public var tableCount: Int

    init(
        step: Step, table: String? = nil, rows: Int = 0, estimatedRows: Int = 0, bytes: Int = 0, tables: Int = 0,
        tableCount: Int = 0
    ) {
        self.step = step
        self.table = table
        self.rows = rows
        self.estimatedRows = estimatedRows
        self.bytes = bytes
        self.tables = tables
        self.tableCount = tableCount
    }
}
