import ArgumentParser
import OpsCore

struct SMTPTestCommand: AsyncParsableCommand, HasOutputFormat {
    static let configuration = CommandConfiguration(
        commandName: "smtp-test",
        abstract: "Find out, stage by stage, whether mail can be sent; sends nothing unless told to.",
        discussion: """
            The exit code names the stage: 10 name, 11 connection, 12 greeting, 13 TLS, 14 sign-in, 15 sender or \
            recipient, 16 message, 17 temporary refusal, 78 settings.

            EXAMPLE
              sysndd-ctl smtp-test --host mail.example.org --port 587 --tls starttls
              sysndd-ctl smtp-test --send --to you@example.org
            """)

    @Flag(help: "Send a real message to --to.")
    var send = false

    @Option(help: "The recipient to ask the server about (else CURATOR_EMAIL, or the sender).")
    var to: String?

    @Option(help: "The mail server (SMTP_HOST).")
    var host: String?

    @Option(help: "Its port (SMTP_PORT).")
    var port: String?

    @Option(help: "none, starttls or tls (SMTP_TLS).")
    var tls: String?

    @Option(name: .customLong("ca-file"), help: "Trust the authorities in this PEM file instead of the system's.")
    var authorityFile: String?

    @Option(help: "Seconds that one stage may take.")
    var timeout = 5

    @Flag(help: "Show what was said; what signs in is left out.")
    var verbose = false

    @OptionGroup var lifecycle: LifecycleOptions
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600 seconds") }
        guard !send || to != nil else { throw ValidationError("--send needs --to ADDRESS") }
        do { _ = try recipient } catch let error as MailError { throw ValidationError("--to: \(error.message)") }
    }

    func run() async throws {
        guard !lifecycle.isOn else { return try await lifecycle.run(output) }
        let mail = try settings.reader(flags).read().mail
        let options = SMTPProbe.Options(
            recipient: try recipient, sends: send, authorityFile: authorityFile, timeout: .seconds(timeout),
            includesTranscript: verbose)
        let report = try await SMTPProbe(mail, options).run()
        try Output.write(report, as: output.format, render: \.text)
        guard report.success else { throw ExitCode(report.exitStatus.rawValue) }
    }

    private var recipient: MailAddress? {
        get throws { try to.map(MailAddress.init(parsing:)) }
    }

    private var flags: [String: FlagValue?] {
        [
            "SMTP_HOST": host.map { FlagValue(flag: "--host", value: $0) },
            "SMTP_PORT": port.map { FlagValue(flag: "--port", value: $0) },
            "SMTP_TLS": tls.map { FlagValue(flag: "--tls", value: $0) },
        ]
    }
}

extension SMTPProbeReport {
    fileprivate var text: String {
        let lines = stages.flatMap { stage -> [String] in
            let name = stage.stage.rawValue.padding(to: 8)
            let code = stage.code.map { "\($0) " } ?? ""
            let time = stage.status == .skip ? "" : "\(stage.ms) ms"
            let first = name + stage.status.rawValue.padding(to: 6) + time.padding(to: 10) + code + (stage.detail ?? "")
            return [first] + (stage.hint.map { ["".padding(to: 24) + "→ " + $0] } ?? [])
        }
        let said = transcript.map { [""] + $0 } ?? []
        return (lines + said + ["", verdict]).map { $0.trimmingTrailingBlanks }.joined(separator: "\n")
    }

    private var verdict: String {
        if let error { return "mail cannot be sent: \(error)" }
        let wasSent = stages.contains { $0.stage == .data && $0.status == .pass }
        return wasSent ? "the message was sent" : "mail can be sent; nothing was sent now"
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    fileprivate var trimmingTrailingBlanks: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
