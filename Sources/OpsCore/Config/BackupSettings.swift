/// Where backups are, and how many are kept.
public struct BackupSettings: Sendable, Equatable {
    /// Folder of the backups (BACKUP_DIR), absolute or from the working directory.
    public var directory: String
    /// How many of the newest scheduled backups are kept (MAX_BACKUPS).
    public var maxBackups: Int
    /// When the shim makes scheduled backups (BACKUP_SCHEDULE); nil for never.
    public var schedule: CronSchedule?

    /// Values that no variable gave; each default is that of its variable.
    public init(directory: String = "backups", maxBackups: Int = 60, schedule: CronSchedule? = nil) {
        self.directory = directory
        self.maxBackups = maxBackups
        self.schedule = schedule
    }

    init(_ values: inout SettingValues) {
        self.init(
            directory: values.text(.backupDirectory), maxBackups: values.integer(.maximumBackups),
            schedule: values.schedule(.backupSchedule))
    }
}
