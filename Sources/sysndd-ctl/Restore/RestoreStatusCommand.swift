import ArgumentParser
import OpsCore

struct RestoreStatusCommand: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the restores that keep something, and how far interrupted ones have come.",
        discussion: """
            EXAMPLE
              sysndd-ctl restore status --format json
            """)

    @OptionGroup var target: RestoreTargetOptions
    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try target.settings(folder, settings)
        let restore = Restore(database: settings.database, directory: settings.backups.directory)
        let status = try await target.advice.failing { try await restore.status() }
        try Output.write(target.advice.status(status), as: output.format, render: \.text)
    }
}

extension RestoreStatus {
    fileprivate var text: String {
        let busy = holder.map { ["at work: \($0)"] } ?? []
        guard !restores.isEmpty else {
            return (busy + ["no restore of \(database) keeps anything"]).joined(separator: "\n")
        }
        let lines = restores.flatMap { item in
            ["\(item.startedAt)  \(item.state)  \(item.archive), in \(item.schema)", "  \(item.explanation)"]
                + (item.missing.map { ["  missing: \($0)"] } ?? []) + item.choices.map { "  \($0)" }
        }
        return (busy + lines).joined(separator: "\n")
    }
}
