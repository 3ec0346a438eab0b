import HTTPTypes
import OpsCore

extension OperationError {
    /// What an operation on backups or jobs says to its caller; nil for errors whose text is not for everybody.
    init?(_ error: any OperatorError) {
        switch error {
        case let error as JobError: self.init(job: error)
        case let error as BackupFolderError:
            guard let status = Self.status(of: error.kind) else { return nil }
            self.init(status, error.code, Self.text(of: error.kind))
        case let error as FreeSpaceError:
            self.init(.insufficientStorage, error.code, "the next backup does not fit into the backup folder")
        case let error as RestoreError: self.init(.conflict, error.code, error.message)
        case let error as LeaseError:
            self.init(.serviceUnavailable, error.code, error.message, headers: [.retryAfter: "10"])
        default: return nil
        }
    }

    private init(job error: JobError) {
        switch error.kind {
        case .busy(let id, _):
            self.init(
                .conflict, error.code, error.message, fields: ["existing_job_id": id.map { .text($0) } ?? .null])
        case .shuttingDown:
            self.init(.serviceUnavailable, error.code, error.message, headers: [.retryAfter: "10"])
        }
    }

    /// Without the path of the folder, which is nothing to a client.
    private static func text(of kind: BackupFolderError.Kind) -> String {
        switch kind {
        case .invalidName: "this is no name of a backup"
        case .isLink: "this is a link, not a backup"
        case .notFound: "there is no backup of that name"
        case .busy: "another operation works in the backup folder"
        case .noSpace: "the backup folder is full"
        case .missingFolder, .unreadable, .unwritable: "the backup folder cannot be used"
        }
    }

    private static func status(of kind: BackupFolderError.Kind) -> HTTPResponse.Status? {
        switch kind {
        case .invalidName, .isLink: .badRequest
        case .notFound: .notFound
        case .busy: .conflict
        case .noSpace: .insufficientStorage
        case .missingFolder, .unreadable, .unwritable: nil
        }
    }
}

extension HTTPResponse.Status {
    static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
