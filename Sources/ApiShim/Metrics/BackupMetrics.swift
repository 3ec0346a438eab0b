import Foundation
import OpsCore

/// What the backup folder and the table of jobs tell.
enum BackupMetrics {
    static func readable(_ isReadable: Bool) -> Metric {
        Metric("backup_folder_readable", "1 while the backup folder can be listed.", isReadable ? 1 : 0)
    }

    /// - Parameter records: all backups, newest first.
    static func metrics(_ records: [BackupRecord]) -> [Metric] {
        let newest = records.first(where: \.isComplete)
        let proven = records.filter { $0.provenAt != nil }.max { $0.provenAt! < $1.provenAt! }
        let kinds = Dictionary(grouping: records, by: \.kind).sorted { $0.key.rawValue < $1.key.rawValue }
        func byKind(_ value: ([BackupRecord]) -> Double) -> [Metric.Sample] {
            kinds.map { .init(labels: [("kind", $0.key.rawValue)], value: value($0.value)) }
        }
        func time(_ date: Date?) -> Double? { date.map { $0.timeIntervalSince1970.rounded() } }
        return [
            readable(true),
            Metric("backups", .gauge, "Backups in the folder, by kind.", byKind { Double($0.count) }),
            Metric(
                "backups_size_bytes", .gauge, "Size of the backups in the folder, by kind.",
                byKind { Double($0.reduce(0) { $0 + $1.sizeBytes }) }),
            Metric("backups_incomplete", "Backups that are not complete.", Double(records.count { !$0.isComplete })),
            Metric(
                "backup_last_success_timestamp_seconds", "When the newest complete backup was made.",
                time(newest?.createdAt)),
            Metric(
                "backup_last_size_bytes", "Size of the newest complete backup.",
                newest.map { Double($0.sizeBytes) }),
            Metric(
                "backup_last_verified_timestamp_seconds", "When a backup was last read through and found whole.",
                time(records.compactMap(\.verifiedAt).max())),
            Metric(
                "backup_last_proven_timestamp_seconds", "When a backup was last proven by a restore.",
                time(proven?.provenAt)),
            Metric(
                "backup_last_restore_seconds", "How long the restore took by which a backup was last proven.",
                proven?.restoreMs.map { Double($0) / 1000 }),
        ]
    }

    static func jobs(_ counts: [(Job.Operation, Job.Status, Int)]) -> Metric {
        Metric(
            "jobs", .gauge, "Jobs that are remembered, by operation and status.",
            counts.sorted { ($0.0.rawValue, $0.1.rawValue) < ($1.0.rawValue, $1.1.rawValue) }.map {
                .init(labels: [("operation", $0.0.rawValue), ("status", $0.1.rawValue)], value: Double($0.2))
            })
    }
}
