import ArgumentParser
import OpsCore

/// `smtp-test --lifecycle`: the flags that take the place of the diagnosis.
struct LifecycleOptions: ParsableArguments {
    @Flag(
        name: .customLong("lifecycle"),
        help: "Drive an account from sign-up to removal over HTTP and look for its mails in a mail capture.")
    var isOn = false

    @Option(help: "The API to test, such as http://127.0.0.1:7777.")
    var api: String?

    @Option(
        name: .customLong("mailpit-url"), help: "The mail capture that gets its mail, such as http://127.0.0.1:8025.")
    var mailbox: String?

    @Option(name: .customLong("admin-token-file"), help: "File with an Administrator's access token.")
    var tokenFile: String?

    @Option(name: .customLong("mail-timeout"), help: "Seconds to wait for each mail.")
    var mailTimeout = 30

    func validate() throws {
        guard (1...3600).contains(mailTimeout) else {
            throw ValidationError("--mail-timeout takes 1 to 3600 seconds")
        }
        let isComplete = api != nil && mailbox != nil && tokenFile != nil
        guard !isOn || isComplete else {
            throw ValidationError("--lifecycle needs --api, --mailpit-url and --admin-token-file")
        }
        guard isOn || (api == nil && mailbox == nil && tokenFile == nil) else {
            throw ValidationError("--api, --mailpit-url and --admin-token-file belong to --lifecycle")
        }
    }

    func run(_ output: OutputOptions) async throws {
        guard let api, let mailbox, let tokenFile else { return }
        let test = try LifecycleTest(
            api: api, mailbox: mailbox, administratorTokenFile: tokenFile, patience: .seconds(mailTimeout))
        let report = try await test.run()
        try Output.write(report, as: output.format, render: \.text)
        guard report.success else { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}

extension LifecycleReport {
    fileprivate var text: String {
        let width = LifecycleStep.allCases.map(\.rawValue.count).max() ?? 0
        let lines = steps.flatMap { step -> [String] in
            let name = step.step.rawValue + String(repeating: " ", count: width - step.step.rawValue.count)
            let first = "\(name)  \(step.status.rawValue)  \(step.ms) ms  \(step.detail ?? "")"
            return [first] + (step.hint.map { ["    → \($0)"] } ?? [])
        }
        return (lines + [success ? "the account lifecycle works" : "the account lifecycle does not work"])
            .joined(separator: "\n")
    }
}
