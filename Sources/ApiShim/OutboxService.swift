import Logging
import OpsCore
import ServiceLifecycle

/// Sends the waiting mails for as long as the shim runs.
struct OutboxService: Service {
    private let runner: OutboxRunner

    init(_ outbox: Outbox, logger: Logger) {
        runner = OutboxRunner(outbox) { error in
            logger.error("mails cannot be sent now", metadata: ["error": "\(error)"])
        }
    }

    /// No address and no word of the mail server's, which may name one.
    static func report(_ error: any OperatorError, to logger: Logger) {
        let stage = (error as? MailError).map { $0.stage.rawValue } ?? "none"
        let reply = (error as? MailError)?.replyCode.map(String.init) ?? "none"
        logger.warning(
            "mails do not go out, see: sysndd-ctl smtp-test",
            metadata: ["code": "\(error.code)", "reply": "\(reply)", "stage": "\(stage)"])
    }

    /// There is a mail to send.
    func wake() { runner.wake() }

    func run() async throws {
        await cancelWhenGracefulShutdown { await runner.run() }
    }
}
