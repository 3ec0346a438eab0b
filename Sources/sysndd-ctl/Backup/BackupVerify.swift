import ArgumentParser
import OpsCore

struct BackupVerify: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Look at every byte of a backup; ends with 65 when something is wrong.",
        discussion: """
            EXAMPLE
              sysndd-ctl backup verify manual_2026-03-01_03-00-00.sql.gz --prove
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Also restore it into a scratch schema and compare every row.")
    var prove = false

    @Argument(help: "The file's name in the backup folder.")
    var file: String

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let name = try BackupFolder.name(file)
        let finding =
            if prove {
                try await RestoreProof(database: settings.database, directory: settings.backups.directory)
                    .verify(name, progress: RestoreSteps(quiet: output.quiet).report)
            } else {
                try await BackupVerifier(folder: BackupFolder(settings.backups.directory, creating: false)).verify(name)
            }
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
