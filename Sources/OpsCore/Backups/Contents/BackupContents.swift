import Foundation

/// What is in one backup, as `backup show` prints it.
public struct BackupContents: Encodable, Sendable, Equatable {
    /// One table of an archive.
    public struct Table: Codable, Sendable, Equatable {
        public let name: String
        public internal(set) var rows = 0
        /// Bytes that its definition and rows take in the file.
        public internal(set) var sizeBytes = 0
        /// Bytes of SQL that they are.
        public internal(set) var inflatedBytes = 0
    }

    /// Anything else that an archive makes.
    public struct Object: Codable, Sendable, Equatable {
        public let kind: String
        public let name: String
    }

    public let file: String
    public let kind: BackupName.Kind
    public let sizeBytes: Int
    /// The moment that the data shows, in ISO 8601, UTC.
    public let createdAt: String
    /// What made it, with its version where the file tells it.
    public let tool: String
    /// Nil in the dump of another tool.
    @EncodedAsNull public var database: String?
    /// Flavour and version; nil in the dump of another tool.
    @EncodedAsNull public var server: String?
    /// Nil in the dump of another tool.
    @EncodedAsNull public var snapshot: ArchiveSource.Snapshot?
    public let tableCount: Int
    /// Nil in the dump of another tool.
    @EncodedAsNull public var rows: Int?
    /// Bytes of SQL.
    public let inflatedBytes: Int
    public let complete: Bool
    /// Why it does not count as complete.
    @EncodedAsNull public var problem: String?
    @EncodedAsNull public var verifiedAt: String?
    @EncodedAsNull public var provenAt: String?
    /// How long the restore took by which it was proven, in milliseconds.
    @EncodedAsNull public var restoreMs: Int?
    /// In the order of the file; nil in the dump of another tool, whose tables are only counted.
    @EncodedAsNull public var tables: [Table]?
    /// Sequences, views, routines, packages, triggers and events in the order of the file; nil in the dump of another tool.
    @EncodedAsNull public var objects: [Object]?
}
