extension SettingKey {
    static let operation = [
        poolSize, poolTimeout, migrationsDirectory, backupDirectory, maximumBackups, backupSchedule,
    ]
    static let notice = [webhookURL, heartbeatURL, noticeAddress]

    /// The longest time that any setting in seconds may give: a year.
    static let year = 31_536_000

    static let poolSize = SettingKey(
        "DB_POOL_SIZE", .integer(1...10_000), default: "5", "database connections of one worker of the shim")
    static let poolTimeout = SettingKey(
        "DB_POOL_TIMEOUT", .seconds(1...year), default: "5", "seconds to wait for a free connection")
    static let migrationsDirectory = SettingKey(
        "MIGRATIONS_DIR", .path, default: "migrations", "folder of the migration files")
    static let backupDirectory = SettingKey("BACKUP_DIR", .path, default: "backups", "folder of the backups")
    static let maximumBackups = SettingKey(
        "MAX_BACKUPS", .integer(1...1_000_000), default: "60", "newest scheduled backups that are kept")
    static let backupSchedule = SettingKey(
        "BACKUP_SCHEDULE", .schedule, "when the shim makes scheduled backups, as cron writes it, in UTC")
    // Whoever knows one of these URLs can write to it, so they are shown no more than a password.
    static let webhookURL = SettingKey(
        "NOTIFY_WEBHOOK_URL", .webURL(allowingUser: true), secret: true,
        "gets a POST after backups, restores and migrations")
    static let heartbeatURL = SettingKey(
        "HEARTBEAT_URL", .webURL(allowingUser: true), secret: true, "gets a GET after each good scheduled backup")
    static let noticeAddress = SettingKey(
        "NOTIFY_EMAIL", .mailAddress, "gets a mail after backups, restores and migrations")
}
