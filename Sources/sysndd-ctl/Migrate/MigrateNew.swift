import ArgumentParser
import OpsCore

struct MigrateNew: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make the next migration file from a template with guards and a verify line.",
        discussion: """
            EXAMPLE
              sysndd-ctl migrate new add_gene_notes
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "What the file does, in letters, digits and underscores.")
    var name: String

    func run() async throws {
        let settings = try settings.reader(migrations.flags).read()
        let created = try MigrationTemplate(name: name, directory: settings.migrations.directory).write()
        try Output.write(created, as: output.format) { "made \($0.file)" }
    }
}
