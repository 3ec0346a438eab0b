import ArgumentParser
import OpsCore

struct AccountSetPassword: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "set-password",
        abstract: "Set a new password and end the sessions of the account.",
        discussion: """
            EXAMPLE
              sysndd-ctl account set-password admin --generate
            """)

    @Argument(help: "The user name.")
    var name: String

    @OptionGroup var password: PasswordOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let accounts = AccountAdministration(try settings.reader().read().database)
        let password = try password.newPassword()
        let account = try await accounts.setPassword(of: name, to: password.secret)
        try Output.write(AccountReport(account, password), as: output.format, render: \.text)
    }
}
