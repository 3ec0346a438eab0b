/// The exit codes of the command line, as its contract lists them.
public enum ExitStatus: Int32, Sendable {
    case done = 0
    case failed = 1
    /// `migrate status --exit-code`: migrations are pending.
    case pending = 2
    /// `migrate status --exit-code`: a file drifted or failed.
    case drift = 3
    /// `smtp-test`, and whatever sends mail: the stage at which it failed.
    case mailNameLookup = 10
    case mailConnection = 11
    case mailGreeting = 12
    case mailTLS = 13
    case mailSignIn = 14
    case mailAddress = 15
    case mailData = 16
    /// The mail server refused for now, whatever the stage.
    case mailTemporary = 17
    case usage = 64
    case badInput = 65
    case unreachable = 69
    case cannotWrite = 73
    case busy = 75
    case notPermitted = 77
    case badSettings = 78
    case interrupted = 130
    case terminated = 143
}

/// An error that is made to be read by an operator: every error struct of this package conforms.
///
/// `message` says what failed, where and why, in lower case and without a secret; `hint` says what to do now.
public protocol OperatorError: Error, CustomStringConvertible {
    /// A stable upper-case name, such as `DATABASE_UNREACHABLE`, for programs.
    var code: String { get }
    /// What failed, where and why.
    var message: String { get }
    /// What to do now; nil where the message already says it.
    var hint: String? { get }
    /// The exit code of a command that ends with this error.
    var exitStatus: ExitStatus { get }
}

extension OperatorError {
    public var hint: String? { nil }
    public var description: String { hint.map { "\(message)\n\($0)" } ?? message }
}
