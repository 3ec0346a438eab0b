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

    @Option(name: .customLong("keep-last"), help: "Keep this many of the newest.")
    var last: Int?
    @Option(name: .customLong("keep-hourly"), help: "Keep the newest of this many hours.")
    var hourly: Int?
    @Option(name: .customLong("keep-daily"), help: "Keep the newest of this many days.")
    var daily: Int?
    @Option(name: .customLong("keep-weekly"), help: "Keep the newest of this many weeks.")
    var weekly: Int?
    @Option(name: .customLong("keep-monthly"), help: "Keep the newest of this many months.")
    var monthly: Int?
    @Option(name: .customLong("keep-yearly"), help: "Keep the newest of this many years.")
    var yearly: Int?
    @Option(name: .customLong("keep-within"), help: "Keep all that are no older than this, such as 2y5m7d3h.")
    var within: RetentionPolicy.Window?

    @Flag(name: .customLong("dry-run"), help: "Show the reason for each file; remove nothing.")
    var dryRun = false

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        var policy = RetentionPolicy(
            last: last, hourly: hourly, daily: daily, weekly: weekly, monthly: monthly, yearly: yearly, within: within)
        if policy.isEmpty { policy.last = settings.backups.maxBackups }
        let folder = try BackupFolder(settings.backups.directory, creating: false)
        let outcome = try await BackupPruner(folder: folder).prune(policy, dryRun: dryRun)
        try Output.write(outcome, as: output.format, render: \.text)
    }
}

extension RetentionPolicy.Window: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension BackupPruner.Outcome {
    fileprivate var text: String {
        let lines = decisions.map { "\($0.action.rawValue)  \($0.filename)  \($0.reasons.joined(separator: "; "))" }
        return (lines + ["\(dryRun ? "would free" : "freed") \(freedBytes.asSize)"]).joined(separator: "\n")
    }
}
