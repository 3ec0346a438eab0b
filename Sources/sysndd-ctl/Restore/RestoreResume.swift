import ArgumentParser
import OpsCore

struct RestoreResume: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Finish a restore, or an undo, that was interrupted.",
        discussion: """
            What is loaded already is not loaded again. An undo that had not got to its exchange is taken back.

            EXAMPLE
              sysndd-ctl restore resume
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let restore = Restore(database: settings.database, directory: settings.backups.directory)
        try Output.write(
            try await restore.resume(progress: RestoreSteps(quiet: output.quiet).report), as: output.format
        ) {
            $0.notes.isEmpty ? "nothing to do: no restore was interrupted" : $0.notes.joined(separator: "\n")
        }
    }
}
