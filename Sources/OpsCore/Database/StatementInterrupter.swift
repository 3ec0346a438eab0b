import Dispatch
import Glibc
import Synchronization

/// Ends the statement that is running on a session, from any thread.
///
/// It asks the server with KILL QUERY over a second connection, because a server does not notice a closed socket while
/// it works; where that fails, it shuts the socket down, so that at least the caller goes on. Behind a balancer the second
/// connection may reach another server, where the same id is somebody else's: what is asked to be ended is therefore the
/// session that the server lists with the local address of the first connection.
final class StatementInterrupter: Sendable {
    private struct State {
        /// Counts the bodies that ran; an interruption is meant for one of them only.
        var ordinal = 0
        var isRunning = false
    }

    private let settings: DatabaseSettings
    private let handle: MariaDBHandle
    private let state = Mutex(State())

    init(settings: DatabaseSettings, handle: MariaDBHandle) {
        var quick = settings
        quick.connectTimeout = .seconds(2)
        quick.readTimeout = .seconds(2)
        self.settings = quick
        self.handle = handle
    }

    func begin() {
        state.withLock {
            $0.ordinal += 1
            $0.isRunning = true
        }
    }

    func end() { state.withLock { $0.isRunning = false } }

    func interrupt() {
        let target = state.withLock { $0.isRunning ? $0.ordinal : nil }
        guard let target else { return }
        DispatchQueue(label: "sysndd-ctl.interrupt").async { self.interrupt(ordinal: target) }
    }

    private static let attempts = 25

    /// Tells the server again until the body has ended: a message that arrives between two statements has no effect. A
    /// statement that does not end all the same, because its server hangs, is left to itself.
    private func interrupt(ordinal: Int) {
        var helper = try? MariaDBHandle(connecting: settings, database: nil)
        if let found = helper, (try? found.lists(handle)) != true { helper = nil }
        for _ in 0..<Self.attempts {
            guard tell(helper, ordinal: ordinal) else { return }
            usleep(200_000)
        }
        _ = tell(nil, ordinal: ordinal)
    }

    /// Shuts the socket down under what is running, without asking the server.
    func shutDown() {
        state.withLock { if $0.isRunning { handle.cancelFromAnyThread() } }
    }

    /// The lock is held while the server is told, so a body that ends meanwhile waits, and the next one is not hit.
    /// - Returns: true while there is something left to interrupt.
    private func tell(_ helper: MariaDBHandle?, ordinal: Int) -> Bool {
        state.withLock { state in
            guard state.isRunning, state.ordinal == ordinal else { return false }
            do {
                guard let helper else { throw DatabaseError(kind: .unreachable, message: "no second connection") }
                try helper.execute(SQLQuery(unquoted: "KILL QUERY \(handle.connectionID)"))
                return true
            } catch {
                handle.cancelFromAnyThread()
                return false
            }
        }
    }
}
