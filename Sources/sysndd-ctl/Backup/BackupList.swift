import ArgumentParser
import Foundation
import OpsCore

struct BackupList: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show the backups of the folder, newest first, those of other tools too.",
        discussion: """
            EXAMPLE
              sysndd-ctl backup list --format json
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let folder = try BackupFolder(settings.backups.directory, creating: false)
        let listing = BackupCatalogListing(try await BackupCatalog(folder: folder, readers: .files).list())
        try Output.write(listing, as: output.format, render: \.text)
    }
}

extension BackupCatalogListing {
    fileprivate var text: String {
        let lines = backups.map { backup in
            [
                backup.createdAt.formatted(.iso8601), backup.sizeBytes.asSize,
                backup.tableCount.map { "\($0) tables" } ?? "tables unknown",
                backup.isComplete ? "complete" : "INCOMPLETE",
                backup.provenAt != nil
                    ? "proven, \(backup.restoreMs ?? 0) ms" : backup.verifiedAt != nil ? "verified" : "not verified",
                backup.filename,
            ].joined(separator: "  ")
        }
        return (lines + ["\(totalCount) backups, \(totalSizeBytes.asSize)"]).joined(separator: "\n")
    }
}
