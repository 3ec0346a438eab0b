import ArgumentParser
import OpsCore

struct BackupExtract: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extract",
        abstract: "Print one table of a backup as SQL.",
        discussion: """
            The SQL drops the table where it is loaded, makes it again and fills it. When this command fails, what it has
            printed is not the whole table: use pipefail.

            EXAMPLE
              sysndd-ctl backup extract latest --table gene | mariadb scratch
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var backup: BackupArgument

    @Option(help: "The table's name, spelt as in the backup.")
    var table: String

    @Flag(help: "Say nothing about what is going on.")
    var quiet = false

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let notes = try await BackupExtraction(backup.open(settings), table: table).write(to: Output.data)
        for note in notes { Output.note("note: \(note)", unless: quiet) }
    }
}
