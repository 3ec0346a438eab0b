import ArgumentParser
import OpsCore

struct AccountList: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show all accounts.",
        discussion: """
            EXAMPLE
              sysndd-ctl account list --format json
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let accounts = AccountAdministration(try settings.reader().read().database)
        let list = AccountListing(accounts: try await accounts.list())
        try Output.write(list, as: output.format) { $0.accounts.map(\.text).joined(separator: "\n") }
    }
}

/// The accounts as one document.
struct AccountListing: Encodable {
    let accounts: [AccountSummary]
}
