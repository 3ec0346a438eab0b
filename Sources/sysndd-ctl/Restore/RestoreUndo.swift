import ArgumentParser
import OpsCore

struct RestoreUndo: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Bring back what was there before the last restore.",
        discussion: """
            What was written since the restore goes out of the database too; it is kept until restore discard.

            EXAMPLE
              sysndd-ctl restore undo --confirm UNDO
            """)

    @OptionGroup var target: RestoreTargetOptions
    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "UNDO, where nobody can type it.")
    var confirm: String?

    func run() async throws {
        let settings = try target.settings(folder, settings)
        try Confirmation("UNDO", for: "undoing the last restore of \(settings.database.database)").check(confirm)
        let restore = Restore(database: settings.database, directory: settings.backups.directory)
        let outcome = try await Notifier(settings).telling(
            .backupUndo, note: { Output.note("note: \($0)", unless: output.quiet) },
            summary: { "what was there before the restore of \($0.archive ?? "?") is back" }
        ) {
            try await target.advice.failing { try await restore.undo() }
        }
        for note in outcome.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(outcome, as: output.format) { outcome in
            "undone: the restore of \(outcome.archive ?? "")"
                + (outcome.keptIn.map { "; what it had put in is kept in \($0)" } ?? "")
        }
    }
}
