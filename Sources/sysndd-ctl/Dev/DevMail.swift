import ArgumentParser
import DevStack

struct DevMail: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail",
        abstract: "Only the mail capture, in the foreground: takes every message, delivers none.",
        discussion: """
            EXAMPLE
              sysndd-ctl dev mail --smtp-port 1025 --http-port 8025
            """)

    @Option(name: .customLong("smtp-port"), help: "Port for mail; 0 for any free one.")
    var smtpPort = MailCapture.usualSMTPPort

    @Option(name: .customLong("http-port"), help: "Port of the inbox and of Mailpit's API; 0 for any free one.")
    var httpPort = MailCapture.usualHTTPPort

    @Option(
        name: .customLong("certificate-file"),
        help: "Offer STARTTLS, with a self-made certificate for localhost that is written to this file.")
    var certificateFile: String?

    @Flag(help: "Say nothing about what is going on.")
    var quiet = false

    func run() async throws {
        let quiet = quiet
        let capture = MailCapture(smtpPort: smtpPort, httpPort: httpPort, certificateFile: certificateFile)
        try await capture.run { ports in
            Output.note("mail for 127.0.0.1:\(ports.smtp) is shown at http://127.0.0.1:\(ports.http)", unless: quiet)
        }
    }
}
