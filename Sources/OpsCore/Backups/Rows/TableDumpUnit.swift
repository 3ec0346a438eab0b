/// A part of a table that one worker reads with one statement.
struct TableDumpUnit: Sendable {
    /// The place of its members among those of all units, counted from 0.
    let ticket: Int
    let dump: TableDump
    /// The position of the table among all tables.
    let tableIndex: Int
    /// Nil for a whole table.
    let step: KeyRangeCursor.Step?

    var range: KeyRange { step?.range ?? .all }
}
