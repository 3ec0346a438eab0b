import Foundation

/// One maintenance operation that was asked for over HTTP, as its row tells it.
public struct Job: Sendable, Equatable {
    /// What a job does. The texts are a part of the HTTP contract.
    public enum Operation: String, Codable, Sendable, CaseIterable {
        case backupCreate = "backup_create"
        case backupRestore = "backup_restore"
        case backupUndo = "backup_undo"
        case backupVerify = "backup_verify"
        case migrate

        /// True for what changes the live database.
        public var isRestore: Bool { self == .backupRestore || self == .backupUndo }
    }

    /// Where a job stands; the last three are final.
    public enum Status: String, Codable, Sendable, CaseIterable {
        case accepted, running, completed, failed, cancelled

        public var isFinal: Bool { self != .accepted && self != .running }
    }

    /// Why a job did not do what it was asked for.
    public struct Failure: Codable, Sendable, Equatable {
        /// Stable upper-case name.
        public var code: String
        /// Without a secret, for the person who asked for the job.
        public var message: String

        public init(code: String, message: String) {
            self.code = code
            self.message = message
        }
    }

    /// A UUID in lower case.
    public let id: String
    public let operation: Operation
    public let status: Status
    /// What is being done now.
    public let progress: JobProgress
    /// The account that asked for it.
    public let submittedBy: String
    /// All times are those of the database server's clock.
    public let submittedAt: Date
    public let completedAt: Date?
    /// When the job last said that it is alive.
    public let heartbeatAt: Date
    /// The server's time when the row was read.
    public let readAt: Date
    /// What the operation gave back, as one JSON document; nil until it has succeeded.
    public let result: String?
    public let failure: Failure?

    /// From the request to the end, or until now.
    public var duration: TimeInterval { max(0, (completedAt ?? readAt).timeIntervalSince(submittedAt)) }

    /// Seconds that are probably left, from what was done so far; nil where that says nothing.
    public var remainingSeconds: Int? {
        guard !status.isFinal, let total = progress.total, progress.current > 0, total > 0 else { return nil }
        let done = min(1, Double(progress.current) / Double(total))
        return Int((duration * (1 - done) / done).rounded(.up))
    }
}
