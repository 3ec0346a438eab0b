import ArgumentParser
import OpsCore

/// Which database the restore went into that a command is about.
struct RestoreTargetOptions: ParsableArguments {
    @Option(help: "The database that was restored with --into; without it, that of the settings.")
    var into: String?

    var advice: RestoreAdvice { RestoreAdvice(into: into) }

    /// The settings with that database.
    func settings(_ folder: BackupFolderOptions, _ options: SettingsOptions) throws -> Settings {
        var settings = try options.reader(folder.flags).read()
        if let into { settings.database.database = into }
        return settings
    }
}
