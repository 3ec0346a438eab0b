/// What `restore` did, in the form that its JSON has.
public struct RestoreResult: Sendable, Equatable, Codable {
    /// Path of the backup.
    public var restoredFrom: String
    /// Path of the backup of what was there.
    @EncodedAsNull public var safetyBackup: String?
    /// `shadow`: loaded beside the database and then exchanged with it.
    public var mode: String
    public var tables: Int
    public var rows: Int
    public var durationMs: Int
    /// Where the tables are that were there before, until they are discarded.
    @EncodedAsNull public var undoSchema: String?
    /// How many migrations are pending now; null where there is no folder of migrations.
    @EncodedAsNull public var pendingAfter: Int?
    /// What the operator should know although the restore succeeded.
    public var notes: [String]

    enum CodingKeys: String, CodingKey {
        case restoredFrom = "restored_from"
        case safetyBackup = "safety_backup"
        case mode, tables, rows
        case durationMs = "duration_ms"
        case undoSchema = "undo_schema"
        case pendingAfter = "pending_after"
        case notes
    }
}
