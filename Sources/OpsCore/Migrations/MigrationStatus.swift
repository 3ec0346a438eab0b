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

        private init(_ item: Item, state: State) {
            file = item.file
            version = item.version
            self.state = state
            appliedAt = item.appliedAt
        }

        fileprivate func marked(stopped: Set<String>) -> Item {
            state == .pending && stopped.contains(file) ? Item(self, state: .failed) : self
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
        /// How far it goes.
        public enum Kind: String, Codable, Sendable {
            /// Only comments and white space differ.
            case cosmetic
            /// The statements are others.
            case semantic
        }

        public let file: String
        public let kind: Kind
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
    /// Post-conditions of applied files that do not hold now; null where they were not asked.
    @EncodedAsNull public internal(set) var unmet: [MigrationVerification.Condition]?
    public let migrations: [Item]

    /// - Parameters:
    ///   - drifted: what the survey of the files found.
    ///   - stopped: pending files that failed or were cut off, according to the journal.
    init(
        _ set: MigrationSet, _ plan: MigrationPlan, drifted: [Drift] = [], stopped: Set<String> = [], holder: String?
    ) {
        let migrations = plan.migrations.map { $0.marked(stopped: stopped) }
        applied = plan.migrations.count { $0.state == .applied || $0.state == .missing }
        pending = plan.pending.count
        failed = migrations.count { $0.state == .failed }
        self.drifted = drifted
        missing = plan.missing
        outOfOrder = plan.outOfOrder
        latestApplied = plan.latestApplied
        latestFile = set.latestFile
        lock = Lock(locked: holder != nil, holder: holder)
        self.migrations = migrations
    }

    /// The code of `migrate status --exit-code`. A file of which only comments changed is told, but is not a reason to act.
    public var exitStatus: ExitStatus {
        if failed > 0 || !(unmet ?? []).isEmpty || drifted.contains(where: { $0.kind == .semantic }) { return .drift }
        return pending > 0 ? .pending : .done
    }
}
