/// The answer of `backup list`.
public struct BackupCatalogListing: Sendable, Equatable, Encodable {
    public let backups: [BackupRecord]
    public let totalCount: Int
    /// Size of all files together, in bytes.
    public let totalSizeBytes: Int

    public init(_ backups: [BackupRecord]) {
        self.backups = backups
        totalCount = backups.count
        totalSizeBytes = backups.reduce(0) { $0 + $1.sizeBytes }
    }
}
