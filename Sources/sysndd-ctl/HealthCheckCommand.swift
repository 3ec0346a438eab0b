import ArgumentParser
import OpsCore

struct HealthCheckCommand: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "healthcheck",
        abstract: "Ask the shim of this machine whether it is ready; ends with 0 or 1, for container health checks.",
        discussion: """
            EXAMPLE
              sysndd-ctl healthcheck --port 7777
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Address that the shim listens on (API_HOST).")
    var host: String?

    @Option(help: "Port that the shim listens on (API_PORT).")
    var port: String?

    @Option(help: "Seconds that it may take to answer.")
    var timeout = 3

    func validate() throws {
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600 seconds") }
    }

    func run() async throws {
        let flags: [String: FlagValue?] = [
            "API_HOST": host.map { FlagValue(flag: "--host", value: $0) },
            "API_PORT": port.map { FlagValue(flag: "--port", value: $0) },
        ]
        let server = try settings.reader(flags).read().server
        let result = try await HealthCheck(of: server, limit: .seconds(timeout)).run()
        try Output.write(result, as: output.format) { "\($0.status): \($0.place) in \($0.ms) ms" }
    }
}
