import ArgumentParser

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database to the state that the migration files describe.",
        discussion: """
            Without a subcommand it does what `migrate up` does.

            EXAMPLE
              sysndd-ctl migrate --wait 60
            """,
        subcommands: [
            MigrateUp.self, MigrateStatus.self, MigratePlan.self, MigrateVerify.self, MigrateBaseline.self,
            MigrateRepair.self, MigrateUnlock.self, MigrateNew.self,
        ],
        defaultSubcommand: MigrateUp.self)
}
