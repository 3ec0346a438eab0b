import Foundation

extension Notice {
    /// A backup was made.
    init(_ result: BackupResult, of database: String, host: String, failuresBefore: Int) {
        let name = URL(filePath: result.file).lastPathComponent
        let again = failuresBefore > 0 ? " again, after \(failuresBefore) failures" : ""
        self.init(
            event: failuresBefore > 0 ? .recovery : .success,
            text: "Backup of \(database) on \(host) made\(again): \(name), \(result.tableCount) tables, "
                + "\(result.rows) rows, \(result.sizeBytes) bytes.",
            operation: "backup", database: database, host: host, at: Date().formatted(.iso8601),
            failuresBefore: failuresBefore, backup: result, error: nil)
    }

    /// A backup failed.
    init(_ error: any Error, of database: String, host: String, failuresBefore: Int) {
        let failure = Failure(error)
        self.init(
            event: .failure, text: "Backup of \(database) on \(host) FAILED: \(failure.message).", operation: "backup",
            database: database, host: host, at: Date().formatted(.iso8601), failuresBefore: failuresBefore, backup: nil,
            error: failure)
    }
}

extension Notice.Failure {
    init(_ error: any Error) {
        switch error {
        case let error as any OperatorError:
            self.init(code: error.code, message: error.message, hint: error.hint)
        case is CancellationError:
            self.init(code: "INTERRUPTED", message: "stopped by a signal", hint: nil)
        default: self.init(code: "FAILED", message: "\(error)", hint: nil)
        }
    }
}
