import ArgumentParser
import Foundation
import OpsCore

struct PreflightCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preflight",
        abstract: "Check server, schema, backups, accounts and machine; changes nothing.",
        discussion: """
            Ends with 0 when nothing failed, 3 when something failed or could not be checked, and with --fail-on warn
            with 4 for warnings. Settings that are wrong are reported, not refused.

            EXAMPLE
              sysndd-ctl preflight --only DB BAK-201 --fail-on warn
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, junit, tap
    }

    enum Threshold: String, ExpressibleByArgument, CaseIterable {
        case fail, warn
    }

    @Option(parsing: .upToNextOption, help: "Only these ids (DB-030) or groups (DB).")
    var only: [String] = []

    @Option(parsing: .upToNextOption, help: "All but these ids or groups; they are shown as skipped.")
    var skip: [String] = []

    @Option(name: .customLong("fail-on"), help: "The mildest status that makes the exit code other than 0.")
    var failOn = Threshold.fail

    @Option(help: "Base address of a running shim to be asked too.")
    var url: String?

    @Option(help: "The compose file to check; without it, the one of the working directory.")
    var compose: String?

    @Option(help: "How to print the result: text, json, junit or tap.")
    var format = Format.text

    @Flag(name: .customLong("no-color"), help: "Print without colours; NO_COLOR in the environment does the same.")
    var noColor = false

    @OptionGroup var settings: SettingsOptions

    func run() async throws {
        let options = PreflightOptions(settings: settings.reader().inspect(), url: url, composeFile: compose)
        let report = try await Preflight(options).run(CheckSelection(only: only, skip: skip))
        try Output.write(report, as: format == .json ? .json : .text, render: rendered)
        let code = report.exitCode(failOnWarnings: failOn == .warn)
        if code != 0 { throw ExitCode(code) }
    }

    private func rendered(_ report: CheckReport) -> String {
        switch format {
        case .junit: report.junit
        case .tap: report.tap
        case .text, .json: report.text(colours: usesColours)
        }
    }

    private var usesColours: Bool {
        let environment = ProcessInfo.processInfo.environment
        return !noColor && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
            && isatty(STDOUT_FILENO) != 0
    }
}
