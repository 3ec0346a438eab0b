import Logging
import OpsCore
import ServiceLifecycle
import Synchronization

/// Asks the post-conditions of the applied migrations once a minute: they may take longer than a check of readiness.
final class PostConditionMonitor: Service {
    private static let interval = Duration.seconds(60)

    private let migrator: Migrator
    private let database: DatabaseSettings
    private let logger: Logger
    private let current = Mutex<Int?>(nil)

    init(database: DatabaseSettings, directory: String, logger: Logger) {
        var patient = database
        patient.readTimeout = .seconds(30)
        self.database = patient
        self.logger = logger
        migrator = Migrator(database: patient, directory: directory)
    }

    /// How many did not hold when they were last asked; nil while that is not known.
    var broken: Int? { current.withLock { $0 } }

    func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            repeat { await check() } while (try? await Task.sleep(for: Self.interval)) != nil
        }
    }

    private func check() async {
        // Why it is not known is told by the readiness itself.
        let found = try? await migrator.verify(over: DatabaseConnection(database)).failed
        let before = current.withLock { old in
            defer { old = found }
            return old
        }
        guard let found, found > 0, found != before else { return }
        logger.warning("post-conditions of applied migrations do not hold", metadata: ["count": "\(found)"])
    }
}
