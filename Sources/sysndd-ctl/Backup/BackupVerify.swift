import ArgumentParser
import OpsCore

struct BackupVerify: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Look at every byte of a backup; ends with 65 when something is wrong.",
        discussion: """
            EXAMPLE
              sysndd-ctl backup verify manual_2026-03-01_03-00-00.sql.gz
              sysndd-ctl backup verify ./before-release.sql.gz
            """)

    @OptionGroup var folder: BackupFolderOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "The file's name in the backup folder, or with a slash in it a path.")
    var file: String

    func run() async throws {
        let settings = try settings.reader(folder.flags).read()
        let finding = try await BackupVerifier.verify(file, directory: settings.backups.directory)
        for note in finding.notes { Output.note("note: \(note)", unless: output.quiet) }
        try Output.write(finding, as: output.format, render: \.text)
        if !finding.ok { throw ExitCode(ExitStatus.badInput.rawValue) }
    }
}

extension BackupVerifier.Finding {
    fileprivate var text: String {
        guard !ok else { return "\(file): whole" + (members > 0 ? ", \(members) members" : "") }
        return bad.map { "\(file): \($0.member)\($0.object.map { " (\($0))" } ?? ""): \($0.problem)" }
            .joined(separator: "\n")
    }
}
