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

    /// There is a mail to send.
    func wake() { runner.wake() }

    func run() async throws {
        await cancelWhenGracefulShutdown { await runner.run() }
    }
}
