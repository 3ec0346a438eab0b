import FoundationEssentials
import Glibc

/// A process in a session of its own: it outlives its starter and does not hear the terminal's Ctrl-C.
///
/// The value can be stored in a file and used by another process later. It never refers to a stranger: a process that
/// got the same number later is not running in the sense of `isRunning`, and is never sent a signal.
public struct DetachedProcess: Codable, Sendable, Hashable {
    /// How a process came to its end.
    public enum Ending: String, Sendable {
        /// It was not running at all.
        case wasNotRunning
        /// It ended by itself after it was asked to.
        case ended
        /// It did not end in time and was killed.
        case killed
    }

    /// Which process this is.
    public let identity: ProcessIdentity

    /// Wraps a process that is already there.
    public init(identity: ProcessIdentity) {
        self.identity = identity
    }

    /// The process number.
    public var pid: Int32 { identity.pid }

    /// True while it runs; an ended process that is not reaped yet counts as ended.
    public var isRunning: Bool { identity.isAlive }

    /// Ends the process: SIGTERM, then after `grace` SIGKILL, also for what it started in its own process group.
    ///
    /// Goes on to the end even when the calling task is cancelled.
    /// - Throws: `DevStackError` with code `stop_failed` when it may not be signalled or survives SIGKILL.
    @discardableResult
    public func terminate(grace: Duration = .seconds(10)) async throws -> Ending {
        guard isRunning else { return .wasNotRunning }
        try send(SIGTERM, to: pid)
        if await waitForEnd(grace) { return .ended }
        try? send(SIGKILL, to: -pid)
        try send(SIGKILL, to: pid)
        guard await waitForEnd(.seconds(10)) else {
            throw DevStackError(.stopFailed, "process \(pid) survives SIGKILL", hint: "look at its state with ps")
        }
        return .killed
    }

    /// Waits until it has ended; false when `timeout` is over first. Not cut short by cancellation.
    public func waitForEnd(_ timeout: Duration) async -> Bool {
        let deadline = ContinuousClock.now + timeout
        return await Task.detached {
            while isRunning {
                if ContinuousClock.now >= deadline { return false }
                try? await Task.sleep(for: .milliseconds(10))
            }
            return true
        }.value
    }

    /// Stores it, mode 0600, so that a later process can find it with `load`.
    public func save(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try PrivateFile.write(String(decoding: try encoder.encode(self), as: UTF8.self), to: path)
    }

    /// The process stored in that file; nil when there is no file or it holds no process.
    public static func load(from path: String) throws -> DetachedProcess? {
        guard let text = try PrivateFile.read(path) else { return nil }
        return try? JSONDecoder().decode(DetachedProcess.self, from: Data(text.utf8))
    }

    private func send(_ signal: Int32, to target: pid_t) throws {
        // A process that has just ended needs no signal.
        guard isRunning, kill(target, signal) != 0, errno != ESRCH else { return }
        let reason = String(cString: strerror(errno))
        throw DevStackError(
            .stopFailed, "cannot stop process \(pid) (\(reason))", hint: "stop it as the user who started it")
    }
}
