import ArgumentParser
import OpsCore

/// Where settings are read from; every command that needs settings has these flags.
struct SettingsOptions: ParsableArguments {
    @Option(name: .customLong("env-file"), help: "Read this .env file instead of the one in the working directory.")
    var envFile: String?

    @Option(name: .customLong("config"), help: "Read this YAML file.")
    var configFile: String?

    /// - Parameter flags: the command's own flags, by the variable that they stand for; nil is not given.
    func reader(_ flags: [String: FlagValue?] = [:]) -> SettingsReader {
        SettingsReader(flags: flags.compactMapValues { $0 }, envFile: envFile, configFile: configFile)
    }
}

/// How a command prints its result.
struct OutputOptions: ParsableArguments {
    @Option(help: "How to print the result: text or json.")
    var format = OutputFormat.text

    @Flag(help: "Say nothing about what is going on.")
    var quiet = false

    @Flag(name: .customLong("no-color"), help: "Print without colours; NO_COLOR in the environment does the same.")
    var noColor = false
}

/// Which migrations folder is meant.
struct MigrationsOptions: ParsableArguments {
    @Option(name: .customLong("dir"), help: "The migrations folder (MIGRATIONS_DIR).")
    var directory: String?

    var flags: [String: FlagValue?] {
        ["MIGRATIONS_DIR": directory.map { FlagValue(flag: "--dir", value: $0) }]
    }
}
