import ArgumentParser
import OpsCore

struct RestoreFrom: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "from",
        abstract: "Load a backup beside the database, compare it, and exchange the tables.",
        discussion: """
            The database is not touched before every row was loaded and compared, and a safety backup was made.

            EXAMPLE
              sysndd-ctl restore manual_2026-03-01_03-00-00.sql.gz --confirm RESTORE
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "RESTORE, where nobody can type it.")
    var confirm: String?

    @Option(help: "Restore into this database of the server; it is made if it is missing.")
    var into: String?

    @Option(help: "Connections that load at the same time.")
    var jobs: Int?

    @Option(
        help: """
            shadow or in-place. In place, the tables of the database are dropped before the backup is loaded: stop \
            whatever uses it before. What was there is only in the safety backup. It is for accounts that may not make a schema.
            """)
    var mode = Restore.Mode.shadow

    @Flag(
        name: .customLong("undo-on-failure"),
        help: "Bring back what was there when a view, routine, trigger or event cannot be made.")
    var undoOnFailure = false

    @Option(name: .customLong("table"), help: "Only this table with its triggers; may be given several times.")
    var tables: [String] = []

    @Option(help: "What becomes of definers that the server does not have: keep, or current for this account.")
    var definer = DefinerPolicy.keep

    @Flag(
        name: .customLong("map-collations"),
        help: "Put the server's nearest collation in the place of MySQL's utf8mb4_0900 ones, where it lacks them.")
    var mapsCollations = false

    @Argument(help: "The file's name in the backup folder, a path with a slash in it, or latest.")
    var file: String

    func validate() throws {
        guard jobs ?? 1 > 0 else { throw ValidationError("--jobs is at least 1") }
        guard tables.isEmpty || mode == .shadow else {
            throw ValidationError("--table is for --mode shadow: in place, all of the database is replaced")
        }
        guard !undoOnFailure || mode == .shadow else {
            throw ValidationError("--undo-on-failure is for --mode shadow: in place, undo it with restore undo")
        }
    }

    /// For the confirmation.
    private func subject(_ database: String) -> String {
        tables.isEmpty
            ? "replacing the database \(database)"
            : "replacing \(tables.joined(separator: ", ")) of the database \(database)"
    }

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        var target = settings
        target.database.database = into ?? settings.database.database
        try Confirmation("RESTORE", for: subject(target.database.database)).check(confirm)
        if mode == .inPlace {
            Output.note(
                "in place: from now on \(target.database.database) is not usable until the restore is done; what is there is "
                    + "only kept in the safety backup", unless: output.quiet)
        }
        let restore = Restore(
            database: settings.database, directory: settings.backups.directory,
            migrations: settings.migrations.directory)
        var options = Restore.Options(
            file: file == "latest" ? nil : file, jobs: jobs, into: into, undoOnFailure: undoOnFailure, mode: mode)
        options.tables = tables
        options.definer = definer
        options.mapsCollations = mapsCollations
        let wanted = options
        let advice = RestoreAdvice(into: into)
        let result = try await Notifier(target).telling(
            .backupRestore, note: { Output.note("note: \($0)", unless: output.quiet) },
            summary: { "\($0.tables) tables, \($0.rows) rows of \($0.restoredFrom)" }
        ) {
            try await advice.failing {
                try await restore.run(wanted, progress: RestoreSteps(quiet: output.quiet).report)
            }
        }
        for note in result.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(result, as: output.format) { advice.text($0.text) }
    }
}

extension DefinerPolicy: ExpressibleByArgument {}

extension Restore.Mode: ExpressibleByArgument {}

extension RestoreResult {
    fileprivate var text: String {
        let undo = undoSchema.map { "\nwhat was there is kept in \($0): sysndd-ctl restore undo, or restore discard" }
        let inPlace = undoSchema == nil ? "\nload what was there with: sysndd-ctl restore undo" : ""
        let pending = pendingAfter.map { $0 > 0 ? "\n\($0) migrations are pending: sysndd-ctl migrate" : "" }
        return "restored \(tables) tables, \(rows) rows from \(restoredFrom) in \(durationMs) ms"
            + (safetyBackup.map { "\nsafety backup: \($0)" } ?? "") + (undo ?? inPlace) + (pending ?? "")
    }
}
