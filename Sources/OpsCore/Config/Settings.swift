/// All settings, each checked. Made by ``SettingsReader``.
public struct Settings: Sendable, Equatable {
    /// How to reach the database.
    public var database: DatabaseSettings
    /// The connections of the shim.
    public var pool: PoolSettings
    /// Where migrations are.
    public var migrations: MigrationSettings
    /// Where backups are, and how many are kept.
    public var backups: BackupSettings
    /// How mail is sent.
    public var mail: MailSettings
    /// The shim itself.
    public var server: ServerSettings
    /// Tokens, reset links and the throttle.
    public var auth: AuthSettings
    /// Where notices go.
    public var notices: NoticeSettings

    init(_ values: inout SettingValues) {
        database = DatabaseSettings(&values)
        pool = PoolSettings(&values)
        migrations = MigrationSettings(&values)
        backups = BackupSettings(&values)
        mail = MailSettings(&values)
        server = ServerSettings(&values)
        auth = AuthSettings(&values)
        notices = NoticeSettings(&values, mail: mail)
    }
}
