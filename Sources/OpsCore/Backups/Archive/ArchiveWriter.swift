import Crypto
import FoundationEssentials

/// Writes one archive. An actor on its own serial queue: a slow disk blocks that queue, and nothing else.
///
/// The file has the name `.partial-<name>` and mode 0600 until ``finish(_:completedAt:)`` gives it its own. Any failure
/// removes it, and so does the end of the object; a killed process leaves it behind for
/// ``ArchiveFolder/removeStalePartials()``.
///
/// Several workers may hand over members out of order:
///
///     let ticket = nextTicket()                  // tickets are taken in order, from 0 on, without a gap
///     for … { try await writer.append(compressor.compress(sql, as: label), ticket: ticket) }
///     try await writer.complete(ticket)          // also when there was nothing to append
public actor ArchiveWriter {
    private let executor: QueueExecutor
    private let file: ArchivePartialFile
    /// Members held back for an earlier ticket may have so many compressed bytes together; then their workers wait.
    private let heldLimit: Int
    private var fileHash: SHA256?
    private var pieces: [ArchivePiece]
    private var queue = MemberQueue()
    private var waiting: [Waiter] = []
    private var nextWaiter = 0
    private var end: ArchiveError?
    private(set) var entries: [ArchiveEntry] = []
    private(set) var totals = ArchiveSummary.Totals()

    private struct Waiter {
        let number: Int
        let ticket: Int
        let continuation: CheckedContinuation<Void, any Error>
    }

    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Begins an archive in a folder.
    ///
    /// - Parameters:
    ///   - heldLimit: the most compressed bytes that wait for an earlier ticket; each worker may add one member to that.
    ///   - reserve: bytes that stay free on the file system. It is looked at now and then, so somewhat less may be left.
    ///   - hashingFile: computes the SHA-256 of the whole file on the way.
    /// - Throws: ``ArchiveError``: the name is taken, or the file cannot be made.
    public init(
        _ name: String, in folder: ArchiveFolder, heldLimit: Int = 32 << 20, reserve: Int = 0, hashingFile: Bool = true
    ) async throws {
        executor = QueueExecutor(label: "sysndd-ctl.archive")
        file = try await ArchivePartialFile.make(
            name, in: folder, reserve: reserve, start: ArchiveFormat.signature)
        self.heldLimit = heldLimit
        pieces = [ArchivePiece(offset: 0, ArchiveFormat.signature)]
        fileHash = hashingFile ? SHA256() : nil
        fileHash?.update(data: ArchiveFormat.signature)
    }

    /// Begins an archive at any path.
    public init(path: String, heldLimit: Int = 32 << 20, hashingFile: Bool = true) async throws {
        let (folder, name) = try ArchiveFolder.containing(path)
        try await self.init(name, in: folder, heldLimit: heldLimit, hashingFile: hashingFile)
    }

    /// Bytes written so far.
    public var size: Int { file.size }

    /// Appends a member as the only one of the next ticket; for a caller that is alone.
    public func append(_ member: ArchiveMember) throws {
        try requireOpen()
        let ticket = queue.turn
        try write(queue.add(member, ticket: ticket) + queue.complete(ticket))
        wakeWaiters()
    }

    /// Appends a member, or holds it until all earlier tickets are complete. Waits while too much is held.
    ///
    /// The worker with the lowest ticket never waits, so there is always one that goes on.
    /// - Throws: ``ArchiveError``, also for a failure of another worker; `CancellationError`.
    public func append(_ member: ArchiveMember, ticket: Int) async throws {
        try Task.checkCancellation()
        try requireOpen()
        precondition(queue.isOpen(ticket), "ticket \(ticket) is complete")
        try write(queue.add(member, ticket: ticket))
        guard mustWait(ticket) else { return }
        let number = nextWaiter
        nextWaiter += 1
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation {
                waiting.append(Waiter(number: number, ticket: ticket, continuation: $0))
            }
        } onCancel: {
            Task { await self.cancelWaiter(number) }
        }
    }

    /// Ends a ticket, which lets the members of the next one into the file.
    public func complete(_ ticket: Int) throws {
        try requireOpen()
        precondition(queue.isOpen(ticket), "ticket \(ticket) is complete already")
        try write(queue.complete(ticket))
        wakeWaiters()
    }

    /// Writes index, summary and trailer, makes all of it durable and gives the file its name.
    ///
    /// - Parameter completedAt: for the line `-- Dump completed on …`.
    /// - Throws: ``ArchiveError``: a ticket is not complete, the name has been taken meanwhile, or a system call failed.
    ///   The file is gone then.
    public func finish(_ source: ArchiveSource, completedAt: Date = Date()) throws -> ArchiveResult {
        try requireOpen()
        guard queue.isEmpty else {
            throw fail(ArchiveError(.notComplete, file.path, "ticket \(queue.turn) was never completed"))
        }
        let index = try writeTail(source, completedAt: completedAt)
        do {
            try file.publish()
        } catch {
            throw fail(error)
        }
        end = ArchiveError(.notComplete, file.path, "the archive is finished already")
        return ArchiveResult(
            path: file.path, size: file.size, sha256: fileHash?.finalize().hexadecimal, index: index, pieces: pieces)
    }

    /// Removes the file. Whoever waits, or comes later, gets an error. Harmless after ``finish(_:completedAt:)``.
    public func abort() {
        guard end == nil else { return }
        _ = fail(ArchiveError(.notComplete, file.path, "writing was given up"))
    }

    private func writeTail(_ source: ArchiveSource, completedAt: Date) throws -> ArchiveIndex {
        let tail: ArchiveTail
        do {
            tail = try ArchiveTail(
                source, totals: totals, entries: entries, offset: file.size, completedAt: completedAt)
        } catch {
            throw fail(ArchiveError(.notWritten, file.path, "cannot describe it: \(error)"))
        }
        for part in tail.parts { try write(part) }
        return ArchiveIndex(summary: tail.summary, members: entries)
    }

    private func write(_ members: [ArchiveMember]) throws {
        for member in members {
            precondition(!member.label.kind.isStructural, "only the writer makes a member \(member.label.kind)")
            let entry = ArchiveEntry(member, at: file.size)
            try write(member.bytes)
            entries.append(entry)
            totals.add(entry)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        pieces.append(ArchivePiece(offset: file.size, bytes))
        do {
            try file.write(bytes)
        } catch {
            throw fail(error)
        }
        bytes.withUnsafeBytes { fileHash?.update(bufferPointer: $0) }
    }

    private func requireOpen() throws {
        if let end { throw end }
    }

    private func fail(_ error: ArchiveError) -> ArchiveError {
        end = error
        file.discard()
        waiting.forEach { $0.continuation.resume(throwing: error) }
        waiting = []
        return error
    }

    private func mustWait(_ ticket: Int) -> Bool { ticket != queue.turn && queue.heldBytes > heldLimit }

    private func wakeWaiters() {
        let ready = waiting.filter { !mustWait($0.ticket) }
        waiting.removeAll { !mustWait($0.ticket) }
        ready.forEach { $0.continuation.resume() }
    }

    private func cancelWaiter(_ number: Int) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).continuation.resume(throwing: CancellationError())
    }
}
