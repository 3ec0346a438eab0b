import ApiShim
import ArgumentParser
import Logging
import OpsCore

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve health probes and the operations over HTTP.",
        discussion: """
            EXAMPLE
              sysndd-ctl serve --host 0.0.0.0 --port 7777 --auto-migrate --backup-schedule "0 3 * * *"
            """)

    /// How long a start with --auto-migrate waits for a database that starts at the same time.
    private static let databaseWait = Duration.seconds(60)
    /// How long it waits for another replica, or a backup, to end its work.
    private static let lockTimeout = Duration.seconds(3600)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions

    @Option(help: "Address to listen on (API_HOST).")
    var host: String?

    @Option(help: "Port to listen on (API_PORT).")
    var port: String?

    @Option(help: "Threads that serve requests (API_WORKERS).")
    var workers: String?

    @Flag(name: .customLong("auto-migrate"), help: "Apply what is pending before the port opens (AUTO_MIGRATE).")
    var autoMigrate = false

    @Option(
        name: .customLong("backup-schedule"),
        help: "Make scheduled backups at these times, as cron writes them, in UTC (BACKUP_SCHEDULE).")
    var backupSchedule: String?

    @Option(name: .customLong("log-format"), help: "How to write log lines: text or json.")
    var logFormat = LogFormat.text

    @Option(name: .customLong("log-level"), help: "trace, debug, info, notice, warning, error or critical.")
    var logLevel = Logger.Level.info

    func run() async throws {
        let reader = settings.reader(flags)
        let settings = try reader.read()
        let logger = Logger(label: "sysndd-ctl") { [logFormat, logLevel] label in
            var handler = LineLogHandler(label: label, format: logFormat)
            handler.logLevel = logLevel
            return handler
        }
        let startup = settings.server.autoMigrate ? try await migrate(settings, logger) : nil
        let options = ApiShim.Options(
            settings: settings, inspection: reader.inspect(), logger: logger, startup: startup
        ) { port in
            logger.notice("listening", metadata: ["host": "\(settings.server.host)", "port": "\(port)"])
        }
        CommandMain.leaveSignalsToCommand()
        try await ApiShim(options).run()
    }

    private var flags: [String: FlagValue?] {
        migrations.flags.merging([
            "API_HOST": host.map { FlagValue(flag: "--host", value: $0) },
            "API_PORT": port.map { FlagValue(flag: "--port", value: $0) },
            "API_WORKERS": workers.map { FlagValue(flag: "--workers", value: $0) },
            "BACKUP_SCHEDULE": backupSchedule.map { FlagValue(flag: "--backup-schedule", value: $0) },
            "AUTO_MIGRATE": autoMigrate ? FlagValue(flag: "--auto-migrate", value: "true") : nil,
        ]) { $1 }
    }

    private func migrate(_ settings: Settings, _ logger: Logger) async throws -> MigrationResult {
        try await DatabaseConnection.waitForServer(settings.database, limit: Self.databaseWait) {
            logger.notice("waiting for the database", metadata: ["reason": "\($0.message)"])
        }
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        return try await Notifier(settings).telling(
            .migrate, note: { logger.warning("\($0)") },
            summary: { $0.totalApplied > 0 ? "\($0.totalApplied) files applied" : nil }
        ) {
            try await migrator.up(MigrationOptions(lockTimeout: Self.lockTimeout)) { logger.notice("\($0.text)") }
        }
    }
}

extension LogFormat: ExpressibleByArgument {}
extension Logger.Level: @retroactive ExpressibleByArgument {}
