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

    @OptionGroup var target: RestoreTargetOptions
    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try target.settings(folder, settings)
        let restore = Restore(database: settings.database, directory: settings.backups.directory)
        let outcome = try await target.advice.failing {
            try await restore.resume(progress: RestoreSteps(quiet: output.quiet).report)
        }
        try Output.write(outcome, as: output.format) {
            $0.notes.isEmpty ? "nothing to do: no restore was interrupted" : $0.notes.joined(separator: "\n")
        }
    }
}
