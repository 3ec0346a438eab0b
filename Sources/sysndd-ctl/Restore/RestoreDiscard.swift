import ArgumentParser
import OpsCore

struct RestoreDiscard: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Drop what the last restore has kept; it cannot be undone then.",
        discussion: """
            EXAMPLE
              sysndd-ctl restore discard --confirm DISCARD
            """)

    @OptionGroup var target: RestoreTargetOptions
    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "DISCARD, where nobody can type it.")
    var confirm: String?

    func run() async throws {
        let settings = try target.settings(folder, settings)
        try Confirmation("DISCARD", for: "dropping what the last restore of \(settings.database.database) has kept")
            .check(confirm)
        let restore = Restore(database: settings.database, directory: settings.backups.directory)
        let outcome = try await target.advice.failing { try await restore.discard() }
        for note in outcome.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(outcome, as: output.format) { "dropped what the restore of \($0.archive ?? "") had kept" }
    }
}
