import ArgumentParser
import OpsCore

struct BackupDiff: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Show what changed between two backups, or since a backup was made.",
        discussion: """
            With one backup, it is compared with the live database, every row of which is read.

            EXAMPLE
              sysndd-ctl backup diff manual_2026-03-01_03-00-00.sql.gz latest
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var backup: BackupArgument

    @Argument(help: "The later backup; without it, the live database.")
    var later: String?

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let from = try backup.open(settings)
        let difference =
            if let later {
                try await BackupDifference(
                    from: from,
                    to: BackupReference(
                        later, directory: settings.backups.directory, database: settings.database.database))
            } else {
                try await live(from, settings)
            }
        try Output.write(difference, as: output.format, render: \.text)
    }

    private func live(_ from: BackupReference, _ settings: Settings) async throws -> BackupDifference {
        let display = ProgressDisplay(output)
        defer { display.finish() }
        return try await BackupDifference(from: from, toLive: settings.database) { table, done, total in
            display.update(
                WorkState(step: "reading the database", item: table, done: done, total: total, unit: "tables"))
        }
    }
}

extension BackupDifference {
    fileprivate var text: String {
        let lines = tables.map(\.text) + objects.map { "\($0.change.rawValue)  \($0.kind) \($0.name.asVisible)" }
        let sides = "\(from.text) -> \(to.text)"
        return ([identical ? "\(sides): no difference" : sides] + lines).joined(separator: "\n")
    }
}

extension BackupDifference.Origin {
    fileprivate var text: String { file ?? "the database \(database)" }
}

extension BackupDifference.Table {
    fileprivate var text: String {
        let definition = definitionChanged ? ", another definition" : ""
        let rows =
            switch (rowsBefore, rowsAfter) {
            case (let before?, let after?) where before != after: ", \(before) -> \(after) rows"
            case (_?, let after?) where rowsChanged == true: ", \(after) rows, not the same ones"
            case (nil, let count?), (let count?, nil): ", \(count) rows"
            default: rowsChanged == nil ? ", rows not compared" : ""
            }
        return "\(change.rawValue)  table \(name.asVisible)\(definition)\(rows)"
    }
}
