import Foundation

/// What happened to a file and is not written in it. It holds for one content only: that of `identity`.
struct BackupCatalogFacts: Codable, Sendable, Equatable {
    /// The content that the facts are about.
    let identity: Identity
    var verifiedAt: Date?
    var provenAt: Date?
    /// How long the restore took that proved the file, in milliseconds.
    var restoreMs: Int?
    /// When a verification found the file damaged.
    var damagedAt: Date?
    /// Bytes of table data that the file was made of.
    var dataBytes: Int?

    init(identity: Identity) { self.identity = identity }

    /// Tells a content from every other. Size, time of change and fingerprint must all agree, so a file that was
    /// overwritten, or another one under the same name, never inherits a fact; a copy that keeps its times does.
    struct Identity: Codable, Sendable, Equatable {
        let size: Int
        /// Nanoseconds since 1970.
        let modified: Int
        let fingerprint: String?

        init(_ stamp: BackupFolder.Stamp, _ summary: BackupRecord.Summary) {
            size = stamp.size
            modified = stamp.modified
            fingerprint = summary.fingerprint
        }
    }
}
