import ArgumentParser
import OpsCore

struct MigrateBaseline: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "Take all files up to a number for applied, without running them: adopts an existing database.",
        discussion: """
            EXAMPLE
              sysndd-ctl migrate baseline --to 053
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "The number of the last file that the database already has.")
    var to: Int

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        let result = try await migrator.baseline(to: to)
        try Output.write(result, as: output.format, render: \.text)
    }
}

extension Migrator.Baseline {
    fileprivate var text: String {
        (adopted.map { "adopted  \($0)" } + ["\(adopted.count) adopted, \(alreadyApplied) applied before"])
            .joined(separator: "\n")
    }
}
