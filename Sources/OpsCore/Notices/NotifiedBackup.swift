import Foundation

/// Makes a backup, and tells those who want to know what became of it.
///
/// Webhook and mail address are told after every backup; the heartbeat service before and after each scheduled one. Neither ever
/// changes the outcome: what could not be told is a note.
public struct NotifiedBackup: Sendable {
    private let backup: Backup
    private let settings: NoticeSettings
    private let memory: NoticeMemory
    var sender = NoticeSender()

    public init(_ backup: Backup, notices settings: NoticeSettings) {
        self.backup = backup
        self.settings = settings
        memory = NoticeMemory(directory: backup.directory, database: backup.database.database)
    }

    /// - Parameters:
    ///   - note: is told, after a failure, what could not be sent; after a success that is in the result.
    ///   - make: makes the backup.
    /// - Throws: what `make` throws.
    public func create(
        _ options: Backup.Options, note: @Sendable (String) -> Void = { _ in }, make: () async throws -> BackupResult
    ) async throws -> BackupResult {
        let isScheduled = options.kind == .scheduled
        // Nobody waits for it: a service that hangs does not hold up the backup.
        let start = Task { isScheduled ? await NoticeSender(patience: .little).signal(.start, settings) : nil }
        do {
            var result = try await make()
            let told = await tell(isScheduled ? .success : nil, after: start) { failures in
                memory.noteSuccess()
                return Notice(result, of: database, host: host, failuresBefore: failures)
            }
            result.notes += told
            return result
        } catch {
            await tell(isScheduled ? .failure : nil, after: start) { failures in
                memory.noteFailure()
                return Notice(error, of: database, host: host, failuresBefore: failures)
            }.forEach(note)
            throw error
        }
    }

    private var database: String { backup.database.database }
    private var host: String { ProcessInfo.processInfo.hostName }

    /// - Returns: what could not be told.
    private func tell(
        _ signal: HeartbeatURL.Signal?, after start: Task<String?, Never>, _ makeNotice: (Int) -> Notice
    ) async -> [String] {
        let notice = makeNotice(memory.failures)
        // A process that is to stop does not wait for long, but it does tell: in a task that is not cancelled.
        let sender = Task.isCancelled ? NoticeSender(patience: .little) : sender
        return await Task { [settings] in
            var problems = [await start.value]
            if let signal { problems.append(await sender.signal(signal, settings)) }
            return problems.compactMap { $0 } + (await sender.tell(notice, settings))
        }.value
    }
}

extension NoticeSender {
    fileprivate func signal(_ signal: HeartbeatURL.Signal, _ settings: NoticeSettings) async -> String? {
        guard let url = settings.heartbeatURL else { return nil }
        let reason = await send(NoticeRequest(url: HeartbeatURL(url: url).url(for: signal)))
        return reason.map { "the heartbeat URL was not told of the \(signal): \($0)" }
    }
}
