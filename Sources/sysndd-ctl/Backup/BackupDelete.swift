import ArgumentParser
import Foundation
import OpsCore

struct BackupDelete: AsyncParsableCommand, HasOutputFormat {
    private struct Deleted: Encodable {
        var file: String
        var sizeBytes: Int
    }

    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Remove one backup, after DELETE was typed.",
        discussion: """
            EXAMPLE
              sysndd-ctl backup delete manual_2026-03-01_03-00-00.sql.gz --confirm DELETE
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "DELETE, where nobody can type it.")
    var confirm: String?

    @Argument(help: "The file's name in the backup folder.")
    var file: String

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let folder = try BackupFolder(settings.backups.directory, creating: false)
        let name = try BackupFolder.name(file)
        try Confirmation("DELETE", for: "removing \(name.text)").check(confirm)
        let size = try await BackupCatalog(folder: folder, readers: .files).remove(name)
        try Output.write(Deleted(file: name.text, sizeBytes: size), as: output.format) {
            "removed \($0.file), \($0.sizeBytes.asSize)"
        }
    }
}
