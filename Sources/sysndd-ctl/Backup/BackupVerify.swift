import ArgumentParser
import OpsCore

struct BackupVerify: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Look at every byte of a backup; ends with 65 when something is wrong.",
        discussion: """
            EXAMPLE
              sysndd-ctl backup verify manual_2026-03-01_03-00-00.sql.gz --prove
              sysndd-ctl backup verify ./before-release.sql.gz
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Also restore it into a scratch schema and compare every row; for a file in the backup folder.")
    var prove = false

    @Argument(help: "The file's name in the backup folder, or with a slash in it a path.")
    var file: String

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let directory = settings.backups.directory
        let finding =
            if prove {
                try await RestoreProof(database: settings.database, directory: directory)
                    .verify(BackupFolder.name(file), progress: RestoreSteps(quiet: output.quiet).report)
            } else {
                try await BackupVerifier.verify(file, directory: directory)
            }
        for note in finding.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(finding, as: output.format, render: \.text)
        if !finding.ok { throw ExitCode(ExitStatus.badInput.rawValue) }
    }
}

extension BackupVerifier.Finding {
    fileprivate var text: String {
        guard !ok else {
            let proof = proven.map { ", proven at \($0.at) by a restore in \($0.restoreMs) ms" } ?? ""
            return "\(file): whole" + (members > 0 ? ", \(members) members" : "") + proof
        }
        return bad.map { "\(file): \($0.member)\($0.object.map { " (\($0))" } ?? ""): \($0.problem)" }
            .joined(separator: "\n")
    }
}
