import CMariaDB

/// A failure reported by the server or by the connection to it.
public struct DatabaseError: OperatorError, Equatable {
    /// What the number means to a caller that has to decide something.
    public enum Kind: String, Sendable {
        case unreachable, tls, accessDenied, unknownDatabase, unknownTable, lockWaitTimeout, deadlock, duplicateKey
        case interrupted, poolTimeout, other
    }

    /// Error number of the server (1000…) or of the client library (2000…), 0 for errors of this package.
    public let number: UInt32
    /// Five characters, `HY000` where there is nothing better.
    public let sqlState: String
    public let message: String
    public let kind: Kind
    public let hint: String?
    /// True when the connection cannot be used any more.
    public let isConnectionLost: Bool

    /// An error with the number and text that the server or client library gave.
    public init(number: UInt32, sqlState: String, message: String, hint: String? = nil) {
        self.number = number
        self.sqlState = sqlState
        self.message = message
        self.kind = Kind(number: number)
        self.hint = hint
        // The server says 1927 to a session that somebody has killed, and closes it.
        self.isConnectionLost = (2000..<3000).contains(number) || number == 1927
    }

    /// An error that this package found itself.
    public init(kind: Kind, message: String, hint: String? = nil) {
        self.number = 0
        self.sqlState = "HY000"
        self.message = message
        self.kind = kind
        self.hint = hint
        self.isConnectionLost = false
    }

    /// The task was cancelled between two statements.
    static let stoppedBySignal = DatabaseError(kind: .interrupted, message: "stopped by a signal before it began")

    public var code: String {
        switch kind {
        case .unreachable: "DATABASE_UNREACHABLE"
        case .tls: "DATABASE_TLS_FAILED"
        case .accessDenied: "DATABASE_ACCESS_DENIED"
        case .unknownDatabase: "DATABASE_UNKNOWN"
        case .poolTimeout: "DATABASE_POOL_TIMEOUT"
        case .lockWaitTimeout: "LOCK_WAIT_TIMEOUT"
        case .interrupted: "INTERRUPTED"
        case .unknownTable, .deadlock, .duplicateKey, .other: "DATABASE_ERROR"
        }
    }

    public var exitStatus: ExitStatus {
        switch kind {
        case .unreachable, .tls: .unreachable
        case .accessDenied: .notPermitted
        case .unknownDatabase: .badSettings
        case .lockWaitTimeout, .poolTimeout: .busy
        case .interrupted: .interrupted
        case .unknownTable, .deadlock, .duplicateKey, .other: .failed
        }
    }

    /// The same error, with what to do about it.
    public func with(hint: String) -> DatabaseError {
        DatabaseError(number: number, sqlState: sqlState, message: message, hint: hint)
    }
}

extension DatabaseError.Kind {
    /// Numbers from the servers' and the client library's error references.
    init(number: UInt32) {
        self =
            switch number {
            case 1044, 1045, 1142, 1143, 1227, 1370, 1410, 1419, 1698: .accessDenied
            case 1040, 1203, 1927, 2002, 2003, 2005, 2006, 2012, 2013: .unreachable
            case 2026: .tls
            case 1049: .unknownDatabase
            case 1146: .unknownTable
            case 1205: .lockWaitTimeout
            case 1213: .deadlock
            case 1062: .duplicateKey
            case 1317, 1969, 3024: .interrupted
            default: .other
            }
    }
}
