import ArgumentParser
import OpsCore

struct TokenCommand: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Print a signed access token for a program.",
        discussion: """
            EXAMPLE
              sysndd-ctl token --role Administrator --expires 15m
            """)

    @Option(help: "Viewer, Reviewer, Curator or Administrator.")
    var role: Role

    @Option(help: "How long it is valid: a number with s, m, h or d.")
    var expires = TokenLifetime.hour

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let tokens = try await AccessToken(settings.reader().read().auth)
        let token = try await tokens.issueForAutomation(role: role, lifetime: expires.duration)
        try Output.write(["token": token], as: output.format) { $0["token"] ?? "" }
    }
}

extension TokenLifetime: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
    public var defaultValueDescription: String { "1h" }
}
