import Logging

/// The work of one scheduled backup: made under the lease of its job, told to webhook and heartbeat, followed by the
/// retention.
struct ScheduledBackup: Sendable {
    let settings: Settings
    let logger: Logger

    /// How long another operation in the backup folder is waited for.
    private static let patience = Duration.seconds(60)

    @Sendable func run(_ job: JobContext) async throws -> any Encodable & Sendable {
        let backup = Backup(database: settings.database, directory: settings.backups.directory)
        let options = Backup.Options(kind: .scheduled)
        let notified = NotifiedBackup(backup, notices: settings.notices)
        let result = try await notified.create(options, note: log) {
            let folder = try BackupFolder(settings.backups.directory)
            return try await folder.withLock(operation: "backup", wait: Self.patience) {
                let result = try await backup.create(options, under: job.lease) { job.report(JobProgress($0)) }
                return await result.pruned(by: RetentionPolicy(last: settings.backups.maxBackups), in: folder)
            }
        }
        result.notes.forEach(log)
        return result
    }

    @Sendable private func log(_ note: String) { logger.warning("\(note)") }
}
