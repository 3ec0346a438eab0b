import ArgumentParser
import OpsCore

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Make, look into, verify and remove backups.",
        discussion: """
            Without a subcommand it does what `backup create` does.

            EXAMPLE
              sysndd-ctl backup --kind scheduled
            """,
        subcommands: [
            BackupCreate.self, BackupList.self, BackupShow.self, BackupVerify.self, BackupExtract.self, BackupDiff.self,
            BackupPrune.self, BackupDelete.self,
        ],
        defaultSubcommand: BackupCreate.self)
}

/// Which backup folder is meant.
struct BackupFolderOptions: ParsableArguments {
    @Option(name: .customLong("dir"), help: "The backup folder (BACKUP_DIR).")
    var directory: String?

    var flags: [String: FlagValue?] {
        ["BACKUP_DIR": directory.map { FlagValue(flag: "--dir", value: $0) }]
    }
}

extension Int {
    /// A size for people: `1.6 GB`.
    var asSize: String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(self)
        var unit = 0
        while value >= 1000, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(self) B" : "\((value * 10).rounded() / 10) \(units[unit])"
    }
}
