import ArgumentParser
import OpsCore

struct GrantsCommand: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "grants",
        abstract: "Print the least privileges of a role on this server, or compare an account with them.",
        discussion: """
            With --check, the account of the settings is compared; ends with 1 when it has more or less than it needs.

            EXAMPLE
              sysndd-ctl grants --role backup --host 10.0.0.%
              sysndd-ctl grants --role app,migrate --check
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "app, migrate, backup, restore or monitor; several with commas between them.")
    var role: RoleList

    @Flag(help: "Compare with SHOW GRANTS of the account that the settings name.")
    var check = false

    @Option(help: "Name of the account in the statements; without it, sysndd_ROLE.")
    var user: String?

    @Option(help: "Where the account may come from, in the statements.")
    var host = "%"

    func run() async throws {
        let database = try settings.reader().read().database
        guard check else {
            let list = try await GrantList.asking(database, roles: role.roles, user: user, host: host)
            return try Output.write(list, as: output.format, render: \.text)
        }
        let comparison = try await GrantComparison.asking(database, roles: role.roles)
        try Output.write(comparison, as: output.format, render: \.text)
        if !comparison.isEqual { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}

/// Roles on the command line.
struct RoleList: ExpressibleByArgument {
    let roles: [DatabaseRole]

    init?(argument: String) {
        let names = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        roles = names.compactMap(DatabaseRole.init(rawValue:))
        guard !roles.isEmpty, roles.count == names.count else { return nil }
    }
}
