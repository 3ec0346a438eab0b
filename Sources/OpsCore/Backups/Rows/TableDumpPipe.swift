import Dispatch
import Synchronization

/// Carries members from the blocking thread of a session to the archive's actor. While the actor writes one, the session
/// makes the next; it waits when that is done before its turn.
final class TableDumpPipe {
    private final class Delivery: Sendable {
        let isDone = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
    }

    private let writer: ArchiveWriter
    private var underWay: Delivery?

    init(_ writer: ArchiveWriter) { self.writer = writer }

    /// Sends a member of a ticket on its way.
    /// - Parameters:
    ///   - member: nil for none.
    ///   - isLast: completes the ticket.
    /// - Throws: what became of the delivery before.
    func send(_ member: ArchiveMember?, ticket: Int, isLast: Bool) throws {
        try flush()
        let delivery = Delivery()
        underWay = delivery
        Task { [writer] in
            do {
                if let member { try await writer.append(member, ticket: ticket) }
                if isLast { try await writer.complete(ticket) }
            } catch {
                delivery.failure.withLock { $0 = error }
            }
            delivery.isDone.signal()
        }
    }

    /// Waits for what is under way. Who waits for an earlier ticket is woken by `ArchiveWriter.abort()` at the latest.
    func flush() throws {
        guard let delivery = underWay else { return }
        underWay = nil
        delivery.isDone.wait()
        if let failure = delivery.failure.withLock({ $0 }) { throw failure }
    }
}
