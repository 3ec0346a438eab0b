import Foundation

/// One file of a backup folder, with everything that is known of it.
public struct BackupRecord: Sendable, Equatable {
    public let filename: String
    public let kind: BackupName.Kind
    /// Size of the file in bytes.
    public let sizeBytes: Int
    /// When the backup was made: what the file itself says, else what its name says, else when it was last changed.
    public let createdAt: Date
    /// The database that was backed up; nil where neither the file nor its name tells.
    public let database: String?
    /// Tables in the backup; nil when it cannot be read, or has not been counted yet.
    public let tableCount: Int?
    /// Rows in the backup; nil where the file does not tell.
    public let rows: Int?
    /// True when the file has its proper end, and no verification has found damage since.
    public let isComplete: Bool
    /// False when the content is not known, because reading it failed or was put off; such a file is not complete, but it
    /// may become so.
    public let isRead: Bool
    /// When the whole file was last read and found undamaged.
    public let verifiedAt: Date?
    /// When the file was last restored, and what was restored compared with it.
    public let provenAt: Date?
    /// How long that restore took, in milliseconds.
    public let restoreMs: Int?
}

extension BackupRecord {
    /// - Parameter summary: nil for a file that was not read.
    init(_ entry: BackupFolder.Entry, _ summary: Summary?, _ facts: BackupCatalogFacts?) {
        filename = entry.name.text
        kind = entry.name.kind
        sizeBytes = entry.size
        createdAt = summary?.createdAt ?? entry.name.date ?? entry.modified
        database = summary?.database ?? entry.name.database
        tableCount = summary?.tableCount
        rows = summary?.rows
        isComplete = summary?.isComplete == true && facts?.damagedAt == nil
        isRead = summary != nil
        verifiedAt = facts?.verifiedAt
        provenAt = facts?.provenAt
        restoreMs = facts?.restoreMs
    }

    /// What reading a file tells.
    public struct Summary: Sendable, Equatable, Codable {
        public var database: String?
        public var createdAt: Date?
        public var tableCount: Int?
        public var rows: Int?
        /// True when the file has its proper end.
        public var isComplete: Bool
        /// A hash that stands for the whole content, such as that of an archive's index; nil where there is none.
        public var fingerprint: String?

        public init(
            database: String? = nil, createdAt: Date? = nil, tableCount: Int? = nil, rows: Int? = nil,
            isComplete: Bool, fingerprint: String? = nil
        ) {
            self.database = database
            self.createdAt = createdAt
            self.tableCount = tableCount
            self.rows = rows
            self.isComplete = isComplete
            self.fingerprint = fingerprint
        }
    }
}

extension BackupRecord: Encodable {
    private enum CodingKeys: String, CodingKey {
        case filename, kind, database, sizeBytes, createdAt, tableCount, rows, complete, verifiedAt, provenAt, restoreMs
    }

    /// Every key is written, unknown values as null, times as ISO 8601 in UTC.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(filename, forKey: .filename)
        try container.encode(kind, forKey: .kind)
        try container.encode(database, forKey: .database)
        try container.encode(sizeBytes, forKey: .sizeBytes)
        try container.encode(createdAt.formatted(.iso8601), forKey: .createdAt)
        try container.encode(tableCount, forKey: .tableCount)
        try container.encode(rows, forKey: .rows)
        try container.encode(isComplete, forKey: .complete)
        try container.encode(verifiedAt?.formatted(.iso8601), forKey: .verifiedAt)
        try container.encode(provenAt?.formatted(.iso8601), forKey: .provenAt)
        try container.encode(restoreMs, forKey: .restoreMs)
    }
}
