import OpsCore

/// A failure of the development stack: what happened, and what to do now.
public struct DevStackError: OperatorError, Equatable {
    /// What the failure means to a caller that has to decide something.
    public enum Problem: String, Sendable {
        /// A program that the stack needs is not installed.
        case programNotFound = "program_not_found"
        /// A folder or file cannot be made, read or written.
        case fileUnusable = "file_unusable"
        /// Another process works on the same folder.
        case busy
        /// A name or setting cannot be used.
        case invalidSetting = "invalid_setting"
        /// A helper program ended with a failure.
        case commandFailed = "command_failed"
        /// A process ended while it was expected to run.
        case startFailed = "start_failed"
        /// A process runs, but did not answer within its deadline.
        case notAnswering = "not_answering"
        /// A process could not be ended.
        case stopFailed = "stop_failed"
        /// No free port on the loopback address.
        case noFreePort = "no_free_port"
    }

    /// What kind of failure this is.
    public let problem: Problem
    /// What happened, in lower case, never with a secret in it.
    public let message: String
    /// What to do now.
    public let hint: String?

    /// Makes an error; `hint` says what to do now.
    public init(_ problem: Problem, _ message: String, hint: String? = nil) {
        self.problem = problem
        self.message = message
        self.hint = hint
    }

    /// The name of the problem, for programs.
    public var code: String { "DEV_" + problem.rawValue.uppercased() }

    /// The code of a command that ends with it.
    public var exitStatus: ExitStatus {
        switch problem {
        case .busy: .busy
        case .programNotFound, .notAnswering: .unreachable
        case .fileUnusable: .cannotWrite
        case .invalidSetting: .badSettings
        case .commandFailed, .startFailed, .stopFailed, .noFreePort: .failed
        }
    }
}
