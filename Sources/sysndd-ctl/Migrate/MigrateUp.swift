import ArgumentParser
import OpsCore

struct MigrateUp: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Apply what is pending.",
        discussion: """
            EXAMPLE
              sysndd-ctl migrate up --to 005 --lock-timeout 10
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Apply files up to this number only.")
    var to: Int?

    @Option(name: .customLong("lock-timeout"), help: "Seconds to wait for another migration to end.")
    var lockTimeout = 30

    @Option(help: "Seconds to wait until the server answers.")
    var wait = 0

    @Flag(name: .customLong("allow-out-of-order"), help: "Also apply files below the newest applied one.")
    var allowOutOfOrder = false

    @Flag(help: "Run a file that stopped in the middle from its start again; it must be written to run twice.")
    var restart = false

    @Flag(help: "Make a safety backup, pre-migrate_…, before the first statement.")
    var backup = false

    func validate() throws {
        guard lockTimeout >= 0, wait >= 0 else { throw ValidationError("a time cannot be negative") }
    }

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let quiet = output.quiet
        if wait > 0 {
            try await DatabaseConnection.waitForServer(settings.database, limit: .seconds(wait)) {
                Output.note("waiting for the server: \($0.message)", unless: quiet)
            }
        }
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        var options = MigrationOptions(
            target: to, lockTimeout: .seconds(lockTimeout), allowOutOfOrder: allowOutOfOrder, restart: restart)
        if backup { options.backUp(settings.database, to: settings.backups.directory) }
        let result = try await Notifier(settings).telling(
            .migrate, note: { Output.note("note: \($0)", unless: quiet) },
            summary: { $0.totalApplied > 0 ? "\($0.totalApplied) files applied" : nil }
        ) {
            try await migrator.up(options) { Output.note($0.text, unless: quiet) }
        }
        try Output.write(result, as: output.format, render: \.text)
    }
}

extension Migrator.Event {
    /// One line about what is going on.
    var text: String {
        switch self {
        case .waiting(let holder, let limit):
            "waiting, at most \(limit.components.seconds) s, for \(holder)"
        case .renamed(let old, let new): "renamed: \(old) is \(new) now"
        case .adopted(let count):
            "adopted: \(count) row\(count == 1 ? "" : "s") without a checksum got that of the file"
        case .changedCosmetically(let file): "note: comments or white space of \(file) changed since it was applied"
        case .backedUp(let file): "safety backup: \(file)"
        case .started(let file, let position, let total, let statements):
            "[\(position)/\(total)] \(file): \(statements) statement\(statements == 1 ? "" : "s")"
        case .applied(let applied):
            "        applied in \(applied.durationMs) ms"
        }
    }
}

extension MigrationResult {
    fileprivate var text: String {
        guard totalApplied > 0 else { return "nothing to do: the database is up to date" }
        return "applied \(totalApplied) file\(totalApplied == 1 ? "" : "s") in \(durationMs) ms, \(pending) pending"
    }
}
