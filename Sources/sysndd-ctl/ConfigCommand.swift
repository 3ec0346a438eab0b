import ArgumentParser
import OpsCore

struct ConfigCommand: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings in force and where each was set; secrets are redacted.",
        discussion: """
            EXAMPLE
              sysndd-ctl config --env-file production.env
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try Output.write(try settings.reader().report(), as: output.format, render: \.text)
    }
}
