import ArgumentParser
import OpsCore

/// The command line: every command is flags, one call, one output.
@main
struct SysnddCtl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sysndd-ctl",
        abstract: "Operations for web applications on MySQL and MariaDB.",
        discussion: """
            EXAMPLE
              sysndd-ctl migrate status
            """,
        version: ToolVersion.current,
        subcommands: [
            MigrateCommand.self, BackupCommand.self, RestoreCommand.self, ServeCommand.self, SMTPTestCommand.self,
            PreflightCommand.self, GrantsCommand.self, HealthCheckCommand.self, DevCommand.self, ConfigCommand.self,
            AccountCommand.self, TokenCommand.self,
        ])

    static func main() async {
        await CommandMain.run(SysnddCtl.self)
    }
}
