import ArgumentParser
import OpsCore

struct MigrateRepair: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Tell the journal what you know: accept a changed file, mark a statement done, forget a failure.",
        discussion: """
            Each asks for the word REPAIR on a terminal, or takes --yes. Nothing but the toolkit's own tables is changed.

            EXAMPLE
              sysndd-ctl migrate repair --mark-done 012_indexes.sql:3 --yes
            """)

    @OptionGroup var migrations: MigrationsOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("accept-drift"), help: "The applied FILE counts as applied in the form that it has now.")
    var acceptDrift: String?

    @Option(name: .customLong("mark-done"), help: "Statement N of a file is done: FILE:N. It must be the next one.")
    var markDone: String?

    @Option(name: .customLong("clear-failed"), help: "Forget where FILE stopped; it goes on behind what is done.")
    var clearFailed: String?

    @Flag(help: "Do not ask.")
    var yes = false

    func validate() throws {
        guard [acceptDrift, markDone, clearFailed].compactMap({ $0 }).count == 1 else {
            throw ValidationError("give one of --accept-drift, --mark-done and --clear-failed")
        }
    }

    func run() async throws {
        let repair = try request()
        let settings = try settings.reader(migrations.flags).read()
        try Confirmation("REPAIR", for: repair.purpose, flag: "--yes").check(yes ? "REPAIR" : nil)
        let migrator = Migrator(database: settings.database, directory: settings.migrations.directory)
        try Output.write(await migrator.repair(repair), as: output.format, render: \.done)
    }

    private func request() throws -> MigrationRepair {
        if let acceptDrift { return .acceptDrift(file: acceptDrift) }
        if let clearFailed { return .clearFailed(file: clearFailed) }
        return try .markDone(markDone ?? "")
    }
}
