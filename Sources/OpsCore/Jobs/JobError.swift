/// A job was not begun.
public struct JobError: OperatorError, Equatable {
    /// What the failure means to a caller that has to decide something.
    public enum Kind: Sendable, Equatable {
        /// Another operation runs on the database or in the backup folder. Its job's id is nil where it is no job, as when
        /// it was started on the command line.
        case busy(jobID: String?, isRestore: Bool)
        /// This process is about to end.
        case shuttingDown
    }

    public let kind: Kind
    public let message: String

    public var code: String {
        switch kind {
        case .busy(_, let isRestore): isRestore ? "RESTORE_IN_PROGRESS" : "BACKUP_IN_PROGRESS"
        case .shuttingDown: "SHUTTING_DOWN"
        }
    }

    public var hint: String? {
        switch kind {
        case .busy: "wait until it has ended and try again"
        case .shuttingDown: "try again when it has started again"
        }
    }

    public var exitStatus: ExitStatus { .busy }

    /// The holder of the lease is in the way.
    init(heldBy holder: LeaseHolder) {
        let isRestore = holder.owner.operation.contains("restore") || holder.owner.operation.contains("undo")
        kind = .busy(jobID: holder.owner.jobID, isRestore: isRestore)
        message = "another operation works on this database: \(holder.owner.operation)"
    }

    private init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    static let shuttingDown = Self(kind: .shuttingDown, message: "the shim is shutting down")
    /// The lock of the backup folder is held by a process that has no lease on this database.
    static let folderBusy = Self(
        kind: .busy(jobID: nil, isRestore: false), message: "another operation works in the backup folder")
}

extension Job.Failure {
    /// What ended the job whose process ended.
    static let leaseExpired = Self(
        code: "LEASE_EXPIRED", message: "the process that ran the job ended before the job did; nothing of it goes on")
    static let shutDown = Self(
        code: "SHUTDOWN", message: "the shim was stopped while the job ran; what was begun was undone")
    static let cancelled = Self(code: "CANCELLED", message: "the job was cancelled")

    /// Only errors that are made to be read are told; the text of any other stays in the log.
    init(_ error: any Error) {
        if let error = error as? any OperatorError {
            self.init(code: error.code, message: error.message)
        } else {
            self.init(code: "OPERATION_FAILED", message: "the operation failed; the shim's log has the reason")
        }
    }
}
