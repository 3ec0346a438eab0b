/// What `backup` did, in the form that its JSON has.
public struct BackupResult: Sendable, Equatable, Codable {
    /// A restore of the file that was compared with what it was made from.
    public struct Proof: Sendable, Equatable, Codable {
        /// When, in ISO 8601.
        public var at: String
        /// How long the restore took.
        public var restoreMs: Int

        enum CodingKeys: String, CodingKey {
            case at
            case restoreMs = "restore_ms"
        }

        public init(at: String, restoreMs: Int) {
            self.at = at
            self.restoreMs = restoreMs
        }
    }

    /// Path of the file.
    public var file: String
    public var sizeBytes: Int
    public var tableCount: Int
    public var rows: Int
    public var durationMs: Int
    /// SHA-256 of the whole file.
    public var sha256: String
    public var snapshot: Snapshot
    /// What the operator should know although the backup succeeded; empty when all is well.
    public var notes: [String]
    /// Names of the older backups that were removed after this one was verified.
    public var pruned: [String] = []
    /// Nil until the file has been restored.
    @EncodedAsNull public var proven: Proof? = nil

    enum CodingKeys: String, CodingKey {
        case file
        case sizeBytes = "size_bytes"
        case tableCount = "table_count"
        case rows
        case durationMs = "duration_ms"
        case sha256, snapshot, notes, pruned, proven
    }
}
