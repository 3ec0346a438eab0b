import Foundation

/// The state of a database against a migrations folder, as `migrate status` prints it.
public struct MigrationStatus: Codable, Sendable, Equatable {
    /// What is known of one file.
    public enum State: String, Codable, Sendable {
        case applied, pending, failed
        /// In the ledger, but not in the folder.
        case missing
    }

    /// One file.
    public struct Item: Codable, Sendable, Equatable {
        public let file: String
        /// The file's number; null when a missing file has none.
        @EncodedAsNull public var version: Int?
        public let state: State
        /// When it was applied, ISO 8601 in UTC.
        @EncodedAsNull public var appliedAt: String?

        init(_ file: MigrationFile, _ entry: MigrationLedger.Entry?) {
            self.file = file.name
            version = file.version
            state =
                switch entry?.success {
                case true: .applied
                case false: .failed
                case nil: .pending
                }
            appliedAt = entry.flatMap { $0.success ? $0.appliedAt.formatted(.iso8601) : nil }
        }

        init(missing entry: MigrationLedger.Entry) {
            file = entry.filename
            version = Int(entry.filename.prefix { $0.isNumber })
            state = .missing
            appliedAt = entry.appliedAt.formatted(.iso8601)
        }
    }

    /// A file whose text is not the one that was applied.
    public struct Drift: Codable, Sendable, Equatable {
        public let file: String
        public let kind: String
    }

    /// The lock that a running migration holds.
    public struct Lock: Codable, Sendable, Equatable {
        public let locked: Bool
        /// Who holds it and since when.
        @EncodedAsNull public var holder: String?
    }

    public let applied: Int
    public let pending: Int
    public let failed: Int
    public let drifted: [Drift]
    public let missing: [String]
    public let outOfOrder: [String]
    @EncodedAsNull public var latestApplied: String?
    public let latestFile: String
    public let lock: Lock
    public let migrations: [Item]

    init(_ set: MigrationSet, _ plan: MigrationPlan, holder: MigrationLock.Holder?) {
        applied = plan.migrations.count { $0.state == .applied || $0.state == .missing }
        pending = plan.pending.count
        failed = plan.migrations.count { $0.state == .failed }
        drifted = []
        missing = plan.missing
        outOfOrder = plan.outOfOrder
        latestApplied = plan.latestApplied
        latestFile = set.latestFile
        lock = Lock(locked: holder != nil, holder: holder?.description)
        migrations = plan.migrations
    }

    /// The code of `migrate status --exit-code`.
    public var exitStatus: ExitStatus {
        if failed > 0 || !drifted.isEmpty { return .drift }
        return pending > 0 ? .pending : .done
    }
}
