import Logging
import OpsCore
import ServiceLifecycle
import Synchronization

/// Keeps the answer of the readiness probes current, so that a probe itself never waits for the database.
///
/// It checks every two seconds, and at once when the server ends the session that it keeps open: a server that stops is
/// noticed within milliseconds. A check that takes longer than its deadline counts as a database that is not there; no
/// second check begins before it has ended.
final class ReadinessMonitor: Service {
    static let interval = Duration.seconds(2)
    static let deadline = Duration.milliseconds(800)

    private let probe: ReadinessProbe
    private let logger: Logger
    private let current = Mutex(ReadinessState.disconnected("not checked yet"))

    init(_ probe: ReadinessProbe, logger: Logger) {
        self.probe = probe
        self.logger = logger
    }

    /// What the last check found.
    var state: ReadinessState { current.withLock { $0 } }

    func run() async throws {
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            await pause()
            await check()
        }
    }

    /// Checks once and keeps the result.
    func check() async {
        let check = Task { await probe.check() }
        let guardian = Task {
            guard (try? await Task.sleep(for: Self.deadline)) != nil else { return false }
            publish(.disconnected("no answer within \(Self.deadline)"))
            check.cancel()
            return true
        }
        let state = await check.value
        guardian.cancel()
        if await guardian.value { return await probe.abandon() }
        publish(state)
    }

    private func publish(_ state: ReadinessState) {
        let before = current.withLock { old in
            defer { old = state }
            return old.reason
        }
        guard before != state.reason else { return }
        logger.notice(
            "readiness changed", metadata: ["reason": "\(state.reason ?? "none")", "detail": "\(state.detail)"])
    }

    /// Until the next check is due, in short steps, so that a shutdown is not held up.
    private func pause() async {
        let step = Duration.milliseconds(200)
        var left = Self.interval
        while left > .zero, !Task.isShuttingDownGracefully {
            if await probe.sessionEnded(within: step) { return }
            left -= step
        }
    }
}
