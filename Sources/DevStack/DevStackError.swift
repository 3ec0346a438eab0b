/// A failure of the development stack: what happened, and what to do now.
public struct DevStackError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What the failure means to a caller that has to decide something.
    public enum Code: String, Sendable {
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
    public let code: Code
    /// What happened, in lower case, never with a secret in it.
    public let message: String
    /// What to do now.
    public let hint: String?

    /// Makes an error; `hint` says what to do now.
    public init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The message, followed by the hint.
    public var description: String { hint.map { "\(message): \($0)" } ?? message }
}
