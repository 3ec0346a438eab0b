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
            EXAMPLE
              sysndd-ctl backup create --jobs 4 --output before-release.sql.gz
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Why it is made: manual or scheduled; decides its name.")
    var kind = Kind.manual

    @Option(help: "Connections that read at the same time.")
    var jobs: Int?

    @Option(help: "How hard to compress: 1, 2 or 3.")
    var level = ArchiveLevel.standard.rawValue

    @Option(name: .customLong("output"), help: "Write to this file instead of one in the backup folder.")
    var file: String?

    @Flag(help: "Restore it into a scratch schema afterwards and compare every row.")
    var prove = false

    func validate() throws {
        guard jobs ?? 1 > 0 else { throw ValidationError("--jobs is at least 1") }
        guard ArchiveLevel(rawValue: level) != nil else { throw ValidationError("--level is 1, 2 or 3") }
    }

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let options = Backup.Options(
            kind: kind == .manual ? .manual : .scheduled, jobs: jobs, level: ArchiveLevel(rawValue: level) ?? .standard,
            output: file)
        let result =
            if prove {
                try await RestoreProof(database: settings.database, directory: settings.backups.directory)
                    .create(options, progress: RestoreSteps(quiet: output.quiet).report)
            } else {
                try await Backup(database: settings.database, directory: settings.backups.directory).create(options)
            }
        for note in result.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(result, as: output.format, render: \.text)
    }
}

extension BackupResult {
    fileprivate var text: String {
        let consistency = snapshot.consistent ? "" : ", NOT consistent"
        let proof = proven.map { ", proven by a restore in \($0.restoreMs) ms" } ?? ""
        return "\(file): \(sizeBytes.asSize), \(tableCount) tables, \(rows) rows in \(durationMs) ms"
            + consistency + proof
    }
}
