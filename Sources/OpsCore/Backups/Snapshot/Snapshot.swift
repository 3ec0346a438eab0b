/// How the rows of a backup were made to belong to one moment.
public struct Snapshot: Sendable, Equatable, Codable {
    /// What was done for it, from the surest way to the plainest.
    public enum Method: String, Sendable, Codable {
        /// All connections began their transactions while a global read lock was held.
        case readLock = "read-lock"
        /// All connections began their transactions, and the server's position was the same before and after.
        case samePosition = "same-position"
        /// One connection read everything in one transaction.
        case singleConnection = "single-connection"
    }

    public let method: Method
    /// True when every row is of one and the same moment.
    public let consistent: Bool
    /// The tables that are not, because their engine keeps no old versions and no lock could be had.
    public let inconsistentTables: [String]
    /// For how long writers may have had to wait, in milliseconds; nil where no lock was taken.
    @EncodedAsNull public var lockMs: Int?
    /// Why a better way was not taken, and what it costs the users of the server; empty when all is well.
    public internal(set) var notes: [String]
    /// Where the server's log stood at that moment.
    public let position: SnapshotPosition

    enum CodingKeys: String, CodingKey {
        case method, consistent
        case inconsistentTables = "inconsistent_tables"
        case lockMs = "lock_ms"
        case notes, position
    }

    init(
        method: Method, inconsistentTables: [String] = [], lockMs: Int? = nil, notes: [String] = [],
        position: SnapshotPosition
    ) {
        self.method = method
        consistent = inconsistentTables.isEmpty
        self.inconsistentTables = inconsistentTables
        self.lockMs = lockMs
        self.notes = notes
        self.position = position
    }
}
