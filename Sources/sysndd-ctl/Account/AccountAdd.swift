import ArgumentParser
import OpsCore

struct AccountAdd: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add an account that may sign in at once.",
        discussion: """
            EXAMPLE
              sysndd-ctl account add admin --role Administrator
            """)

    @Argument(help: "The user name.")
    var name: String

    @Option(help: "Viewer, Reviewer, Curator or Administrator.")
    var role: Role

    @Option(help: "Mail address; without one no password can be reset by mail.")
    var email: String?

    @OptionGroup var password: PasswordOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let accounts = AccountAdministration(try settings.reader().read().database)
        let password = try password.newPassword()
        let account = try await accounts.add(name, role: role, email: email, password: password.secret)
        try Output.write(AccountReport(account, password), as: output.format, render: \.text)
    }
}
