import ArgumentParser
import OpsCore

struct BackupPrune: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the scheduled backups that no rule keeps.",
        discussion: """
            Without a rule the newest MAX_BACKUPS are kept. The newest proven and the newest complete backup always stay.

            EXAMPLE
              sysndd-ctl backup prune --keep-daily 14 --keep-monthly 12 --dry-run
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var retention: RetentionOptions

    @Flag(name: .customLong("dry-run"), help: "Show the reason for each file; remove nothing.")
    var dryRun = false

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let folder = try BackupFolder(settings.backups.directory, creating: false)
        let outcome = try await BackupPruner(folder: folder).prune(retention.policy(settings.backups), dryRun: dryRun)
        try Output.write(outcome, as: output.format, render: \.text)
    }
}

extension BackupPruner.Outcome {
    fileprivate var text: String {
        let lines = decisions.map { "\($0.action.rawValue)  \($0.filename)  \($0.reasons.joined(separator: "; "))" }
        return (lines + ["\(dryRun ? "would free" : "freed") \(freedBytes.asSize)"]).joined(separator: "\n")
    }
}
