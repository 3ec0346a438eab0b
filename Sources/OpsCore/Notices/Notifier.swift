import Foundation

/// Tells those who want to know what became of restores, migrations and jobs.
///
/// It never changes the outcome: what could not be told is handed back as text.
public struct Notifier: Sendable {
    /// Who asks for jobs that tell themselves.
    private static let telling = ["the backup schedule of the shim"]

    private let settings: Settings
    var sender = NoticeSender()

    public init(_ settings: Settings) { self.settings = settings }

    /// Runs a restore, an undo or a migration of the command line, and tells what became of it.
    /// - Parameters:
    ///   - note: told what could not be sent.
    ///   - summary: what was done, as the end of a sentence; nil where nothing was, which is worth a notice only after a
    ///     failure.
    /// - Throws: what `body` throws.
    public func telling<Value>(
        _ operation: Job.Operation, note: (String) -> Void, summary: (Value) -> String?,
        _ body: () async throws -> Value
    ) async throws -> Value {
        do {
            let value = try await body()
            await tell(operation, .success(summary(value))).forEach(note)
            return value
        } catch {
            await tell(operation, .failure(Notice.Failure(error))).forEach(note)
            throw error
        }
    }

    /// Tells what became of a job. A verification is told only when it found something; jobs of programs that tell
    /// themselves are left out, unless the program died.
    /// - Returns: what could not be told.
    public func tell(_ job: Job) async -> [String] {
        guard job.failure == .leaseExpired || !Self.telling.contains(job.submittedBy) else { return [] }
        if let failure = job.failure {
            return await tell(job.operation, .failure(.init(code: failure.code, message: failure.message, hint: nil)))
        }
        guard job.operation != .backupVerify, let result = JobResult(job) else { return [] }
        return await tell(job.operation, .success(result.summary(of: job.operation)), backup: result.backup)
    }

    private enum Outcome {
        case success(String?)
        case failure(Notice.Failure)
    }

    private func tell(_ operation: Job.Operation, _ outcome: Outcome, backup: BackupResult? = nil) async -> [String] {
        let memory = memory(operation)
        let before = memory.failures
        let notice: Notice
        switch outcome {
        case .success(let summary):
            guard summary != nil || before > 0 else { return [] }
            memory.noteSuccess()
            notice = .done(operation, summary ?? "nothing was to be done", place, failuresBefore: before, backup)
        case .failure(let failure):
            memory.noteFailure()
            notice = .failed(operation, failure, place, failuresBefore: before)
        }
        // A process that is to stop does not wait for long, but it does tell: in a task that is not cancelled.
        let sender = Task.isCancelled ? NoticeSender(patience: .little) : sender
        return await Task { [settings] in await sender.tell(notice, settings.notices) }.value
    }

    private var place: (database: String, host: String) {
        (settings.database.database, ProcessInfo.processInfo.hostName)
    }

    private func memory(_ operation: Job.Operation) -> NoticeMemory {
        NoticeMemory(
            directory: settings.backups.directory, database: settings.database.database,
            operation: operation == .backupCreate ? nil : operation.rawValue)
    }
}

extension Notice {
    /// The operation in the words of a notice.
    private static func name(_ operation: Job.Operation) -> (operation: String, title: String) {
        switch operation {
        case .backupCreate: ("backup", "Backup")
        case .backupRestore: ("restore", "Restore")
        case .backupUndo: ("restore_undo", "Undo of a restore")
        case .backupVerify: ("backup_verify", "Verification of a backup")
        case .migrate: ("migrate", "Migration")
        }
    }

    static func done(
        _ operation: Job.Operation, _ summary: String, _ place: (database: String, host: String), failuresBefore: Int,
        _ backup: BackupResult? = nil
    ) -> Notice {
        let (name, title) = name(operation)
        let again = failuresBefore > 0 ? " again, after \(failuresBefore) failures" : ""
        return Notice(
            event: failuresBefore > 0 ? .recovery : .success,
            text: "\(title) of \(place.database) on \(place.host) succeeded\(again): \(summary).", operation: name,
            database: place.database, host: place.host, at: Date().formatted(.iso8601),
            failuresBefore: failuresBefore, backup: backup, error: nil)
    }

    static func failed(
        _ operation: Job.Operation, _ failure: Failure, _ place: (database: String, host: String), failuresBefore: Int
    ) -> Notice {
        let (name, title) = name(operation)
        return Notice(
            event: .failure, text: "\(title) of \(place.database) on \(place.host) FAILED: \(failure.message).",
            operation: name, database: place.database, host: place.host, at: Date().formatted(.iso8601),
            failuresBefore: failuresBefore, backup: nil, error: failure)
    }
}
