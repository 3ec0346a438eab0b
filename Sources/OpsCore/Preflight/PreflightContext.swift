import Foundation

/// What a check may ask. Everything that leaves the process goes through here or through a folder that a setting names.
struct PreflightContext: Sendable {
    let options: PreflightOptions
    /// The application's own account, as it connects.
    let application: PreflightDatabase
    /// The account for what concerns the whole server; the application's where there is no other.
    let monitor: PreflightDatabase
    /// The present time.
    let now: @Sendable () -> Date
    /// The backup folder.
    let backups: PreflightBackups
    /// The migrations folder and the ledger.
    let migrations: PreflightMigrations
    /// The mail server.
    let mail: PreflightMail

    var settings: Settings { options.settings.settings }

    init(_ options: PreflightOptions, now: @escaping @Sendable () -> Date = { Date() }) {
        self.options = options
        self.now = now
        let settings = options.settings.settings
        backups = PreflightBackups(
            path: options.settings.absolute(settings.backups.directory), database: settings.database.database)
        let problems = options.settings.problems(of: SettingKey.connection)
        application = PreflightDatabase(settings.database, problems: problems)
        mail = PreflightMail(
            settings.mail, problems: options.settings.problems(of: SettingKey.mail),
            authorityFile: options.mailAuthorityFile)
        migrations = PreflightMigrations(
            directory: options.settings.absolute(settings.migrations.directory), database: application)
        // Never the application's account in the place of one that was named wrongly.
        let monitorProblems = options.settings.problems(of: SettingKey.preflight)
        monitor =
            options.settings.monitor.map { PreflightDatabase($0, problems: []) }
            ?? (monitorProblems.isEmpty
                ? application : PreflightDatabase(settings.database, problems: monitorProblems))
    }

    /// Closes what was opened for the checks.
    func close() async {
        await application.close()
        await monitor.close()
    }

    /// A path of a setting, from the working directory.
    func absolute(_ path: String) -> String { options.settings.absolute(path) }

    /// Where a setting was set, in words.
    func source(_ key: SettingKey) -> String { (options.settings.sources[key.name] ?? .unset).description }
}
