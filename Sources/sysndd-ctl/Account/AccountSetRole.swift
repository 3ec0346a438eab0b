import ArgumentParser
import OpsCore

struct AccountSetRole: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "set-role",
        abstract: "Give another role and end the sessions of the account.",
        discussion: """
            EXAMPLE
              sysndd-ctl account set-role curator1 Curator
            """)

    @Argument(help: "The user name.")
    var name: String

    @Argument(help: "Viewer, Reviewer, Curator or Administrator.")
    var role: Role

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let accounts = AccountAdministration(try settings.reader().read().database)
        try Output.write(AccountReport(await accounts.setRole(of: name, to: role)), as: output.format, render: \.text)
    }
}
