import ArgumentParser
import OpsCore

struct BackupShow: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is in one backup.",
        discussion: """
            Of an archive only its end is read; the dump of another tool is read as a whole.

            EXAMPLE
              sysndd-ctl backup show latest
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var backup: BackupArgument

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let contents = try await BackupContents.read(backup.open(settings))
        try Output.write(contents, as: output.format, render: \.text)
    }
}

/// Which backup is meant.
struct BackupArgument: ParsableArguments {
    @Argument(help: "Its name in the backup folder, a path, or latest.")
    var file: String

    func open(_ settings: Settings) throws -> BackupReference {
        try BackupReference(
            file, directory: settings.backups.directory, database: settings.database.database)
    }
}

extension BackupContents {
    fileprivate var text: String {
        let rows = rows.map { ", \($0) rows" } ?? ""
        let state: [String?] = [
            complete ? "complete" : "NOT COMPLETE: \(problem ?? "")", verifiedAt.map { "verified \($0)" },
            provenAt.map { "proven \($0) by a restore in \(restoreMs ?? 0) ms" },
        ]
        let lines: [String?] = [
            "\(file): \(sizeBytes.asSize), \(inflatedBytes.asSize) of SQL, \(tableCount) tables\(rows)",
            "made \(createdAt) by \(tool)", state.compactMap { $0 }.joined(separator: ", "),
            server.map { "of \(database ?? "") on \($0)" },
            snapshot.map { "snapshot \($0.method), \($0.isConsistent ? "consistent" : "NOT consistent")" },
        ]
        let tables = (tables ?? []).map { "table  \($0.name.asVisible)  \($0.rows) rows  \($0.sizeBytes.asSize)" }
        let objects = (objects ?? []).map { "\($0.kind)  \($0.name.asVisible)" }
        return (lines.compactMap { $0 } + tables + objects).joined(separator: "\n")
    }
}
