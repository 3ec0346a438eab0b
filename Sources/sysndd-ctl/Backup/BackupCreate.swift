import ArgumentParser
import OpsCore

struct BackupCreate: AsyncParsableCommand, HasOutputFormat {
    /// The kinds that a person or a timer asks for; the others are made by the operations that need them.
    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case manual, scheduled
    }

    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a backup: one .sql.gz that any client can restore.",
        discussion: """
            A scheduled backup, once it is verified, is followed by the removal of older ones that no --keep rule keeps; without a
            rule, the newest MAX_BACKUPS stay. NOTIFY_WEBHOOK_URL and HEARTBEAT_URL are told what became of it.

            EXAMPLE
              sysndd-ctl backup create --jobs 4 --output before-release.sql.gz
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var retention: RetentionOptions

    @Option(help: "Why it is made: manual or scheduled; decides its name.")
    var kind = Kind.manual

    @Option(help: "Connections that read at the same time.")
    var jobs: Int?

    @Option(help: "How hard to compress: 1, 2 or 3.")
    var level = ArchiveLevel.standard.rawValue

    @Option(name: .customLong("output"), help: "Write to this file instead of one in the backup folder.")
    var file: String?

    @Flag(help: "On a Galera node: let the others go on while this one is locked.")
    var desync = false

    @Flag(help: "Restore it into a scratch schema afterwards and compare every row.")
    var prove = false

    func validate() throws {
        guard jobs ?? 1 > 0 else { throw ValidationError("--jobs is at least 1") }
        guard ArchiveLevel(rawValue: level) != nil else { throw ValidationError("--level is 1, 2 or 3") }
        guard retention.given.isEmpty || kind == .scheduled && file == nil else {
            throw ValidationError("the --keep rules are for --kind scheduled in the backup folder")
        }
    }

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let options = Backup.Options(
            kind: kind == .manual ? .manual : .scheduled, jobs: jobs, level: ArchiveLevel(rawValue: level) ?? .standard,
            output: file, desync: desync, retention: kind == .scheduled ? retention.policy(settings.backups) : nil)
        let display = ProgressDisplay(output)
        defer { display.finish() }
        let result = try await make(options, settings, display)
        display.finish()
        for note in result.notes + result.snapshot.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(result, as: output.format, render: \.text)
    }
    private func make(
        _ options: Backup.Options, _ settings: Settings, _ display: ProgressDisplay
    ) async throws -> BackupResult {
        let backup = Backup(database: settings.database, directory: settings.backups.directory)
        let steps = RestoreSteps(quiet: output.quiet)
        let note: @Sendable (String) -> Void = { text in
            display.finish()
            Output.note("note: \(text)")
        }
        return try await NotifiedBackup(backup, notices: settings.notices).create(options, note: note) {
            guard prove else { return try await backup.create(options) { display.update($0.workState) } }
            return try await RestoreProof(database: settings.database, directory: settings.backups.directory)
                .create(options, backup: { display.update($0.workState) }) { progress in
                    display.finish()
                    steps.report(progress)
                }
        }
    }
}

extension BackupResult {
    fileprivate var text: String {
        let consistency = snapshot.consistent ? "" : ", NOT consistent"
        let proof = proven.map { ", proven by a restore in \($0.restoreMs) ms" } ?? ""
        let made = "\(file): \(sizeBytes.asSize), \(tableCount) tables, \(rows) rows in \(durationMs) ms"
        return ([made + consistency + proof] + pruned.map { "removed \($0)" }).joined(separator: "\n")
    }
}
