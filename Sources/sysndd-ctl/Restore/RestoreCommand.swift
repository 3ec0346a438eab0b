import ArgumentParser

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a database from a backup, or bring back what was there before.",
        discussion: """
            With the name of a file, or with `latest`, it does what `restore from` does.

            EXAMPLE
              sysndd-ctl restore latest --confirm RESTORE
            """,
        subcommands: [
            RestoreFrom.self, RestoreStatusCommand.self, RestoreResume.self, RestoreUndo.self, RestoreDiscard.self,
        ],
        defaultSubcommand: RestoreFrom.self)
}
