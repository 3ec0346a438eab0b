/// The right to be the only one who does maintenance on a database, wherever the others run.
///
/// It is a row of the table `sysndd_ctl_lease`, so it holds on every kind of server, and in a Galera cluster on all nodes;
/// there, and on failover, the clocks of the servers should agree to within a few seconds. Its holder renews it all the
/// time; a holder that has died loses it: at once where the server shows that its sessions are gone, else when the lease
/// expires. ``LeaseRow/claim(server:sessions:)`` has the rule.
///
/// A holder that was stopped for too long may not know that it lost the lease. Therefore each has a token that is larger
/// than all before, and what is written under the lease carries it: ``condition`` or ``confirm(_:)``.
public struct Lease: Sendable {
    /// The name of the one lease that backup, restore and migration take.
    public static let maintenance = "maintenance"

    /// Name of the lease.
    public let name: String
    /// The fencing token: larger than that of every holder before.
    public let token: UInt64
    private let keeper: LeaseKeeper

    /// Takes the lease, runs `body`, and frees the lease, also when `body` throws or is cancelled.
    ///
    /// When the lease is lost meanwhile, the task of `body` is cancelled, and once it has ended the loss is thrown,
    /// whatever `body` made of it. The table is made where it is missing.
    /// - Parameters:
    ///   - settings: the database whose lease it is.
    ///   - wait: how long to wait for another holder. Who waits takes no place in a queue.
    ///   - lifetime: how long the lease lasts without a renewal, at least a second. It is renewed at each third of that.
    ///   - waiting: told once, with the present holder, that the waiting has begun.
    /// - Throws: ``LeaseError``; ``DatabaseError``; what `body` throws.
    public static func with<Value: Sendable>(
        _ settings: DatabaseSettings, name: String = Lease.maintenance, owner: LeaseOwner, wait: Duration = .zero,
        lifetime: Duration = .seconds(30), waiting: @Sendable (LeaseHolder) -> Void = { _ in },
        _ body: @escaping @Sendable (Lease) async throws -> Value
    ) async throws -> Value {
        let keeper = try await LeaseKeeper.take(
            settings, name: name, owner: owner, wait: wait, lifetime: max(.seconds(1), lifetime), waiting: waiting)
        let work = Task { try await body(Lease(name: name, token: keeper.token, keeper: keeper)) }
        // Not a child task: a caller's cancellation ends the work first, and the lease is needed until that has ended.
        let keeping = Task {
            let loss = await keeper.keep()
            if loss != nil { work.cancel() }
            return loss
        }
        let result = await withTaskCancellationHandler(operation: { await work.result }, onCancel: { work.cancel() })
        keeping.cancel()
        if let loss = await keeping.value { throw loss }
        try await keeper.release()
        return try result.get()
    }

    /// True in SQL while this holder has the lease: `UPDATE … WHERE … AND \(lease.condition)`, and no affected row means
    /// that it was lost. For single statements; a transaction is better ended with ``confirm(_:)``.
    public var condition: SQLQuery { keeper.table.condition(name, token: token) }

    /// Makes sure that this holder still has the lease.
    ///
    /// As the last statement of a transaction it lets the transaction be committed only if that is so, in a Galera cluster
    /// too. It locks the lease's row until then, and renewals wait for it, so COMMIT should follow at once.
    /// - Throws: ``LeaseError`` of kind `lost`; ``DatabaseError``.
    public func confirm(_ session: MariaDBHandle) throws {
        guard try keeper.table.confirm(name, token: token, session) else {
            throw LeaseError.takenOver(name, by: try keeper.table.row(name, session)?.holder)
        }
    }

    /// Commits `changes` in one round trip, and only if this holder still has the lease. The session must be batching.
    /// - Parameter begins: false where a transaction is open already.
    /// - Throws: ``LeaseError`` of kind `lost`; ``DatabaseError``. The transaction is then still open.
    func commit(_ changes: [SQLQuery], begins: Bool, _ session: MariaDBHandle) throws {
        // Very many rows are more than a server takes at once.
        let early = (begins ? ["START TRANSACTION"] : []) + changes.dropLast(2)
        let together = changes.count > 2 ? [] : early
        if together.isEmpty { for change in early { try session.execute(change) } }
        do {
            let outcomes = try session.batch(together + committing(changes.suffix(2)))
            guard outcomes[outcomes.count - 2].affectedRows == 1 else { throw LeaseError.takenOver(name, by: nil) }
        } catch let error as DatabaseError where error.number == 1690 {
            throw LeaseError.takenOver(name, by: try keeper.table.row(name, session)?.holder)
        }
    }

    /// The statements that commit an open transaction with `changes`, and only if this holder still has the lease: else the
    /// last but one fails with error 1690. For one batch.
    func committing(_ changes: [SQLQuery]) -> [SQLQuery] {
        changes + [keeper.table.confirmation(name, token: token), "COMMIT"]
    }

    /// Who has the lease now that it was found to be lost.
    func loss(_ session: MariaDBHandle) -> LeaseError {
        .takenOver(name, by: (try? keeper.table.row(name, session))?.holder)
    }

    /// Runs one statement that commits by itself, such as one that changes definitions, only if this holder still has the
    /// lease. The server looks at both in one round trip, so a process that was stopped for a while does no harm when it goes
    /// on.
    /// - Throws: ``LeaseError`` of kind `lost`, and then the statement did not run; ``DatabaseError``.
    func run(_ statement: SQLQuery, _ session: MariaDBHandle) throws {
        try confirm(session)
        let wasBatching = session.isBatching
        try session.setBatching(true)
        defer { try? session.setBatching(wasBatching) }
        do {
            try session.batch([keeper.table.confirmation(name, token: token), statement])
        } catch let error as DatabaseError where error.number == 1690 {
            throw LeaseError.takenOver(name, by: try keeper.table.row(name, session)?.holder)
        }
    }

    /// Whether this holder still has the lease, as far as it can be told; for deciding what to do after a failure. Also in a
    /// task that was cancelled.
    func isHeld(in settings: DatabaseSettings) async -> Bool {
        await Task { (try? await DatabaseConnection(settings).run { try confirm($0) }) != nil }.value
    }

    /// Tells which sessions work under the lease, in place of those told before. A server goes on with the statement of a
    /// process that was killed: until such a statement has ended, nobody takes the lease over.
    /// - Throws: ``LeaseError`` of kind `lost`; ``DatabaseError``.
    public func cover(_ connections: [DatabaseConnection]) async throws {
        try await keeper.cover(connections.map(\.connectionID))
    }

    // MARK: - Seen from outside

    /// Who holds a lease now; nil while it could be taken. Changes nothing.
    /// - Parameter database: the database whose lease it is; the session may use another.
    public static func holder(
        of name: String = Lease.maintenance, in database: String, _ session: MariaDBHandle
    ) throws -> LeaseHolder? {
        // In a cluster, another node that makes the table just now ends what reads from it.
        try LeaseConflict.retrying {
            try LeaseAttempt(table: LeaseTable(database: database), name: name).holder(session)
        }
    }

    /// Takes the lease away from a holder, whether it is alive or not: its work is cancelled when it next tries to renew,
    /// and its writes fail from now on.
    /// - Returns: false when that holder has not got it any more.
    @discardableResult
    public static func revoke(
        _ holder: LeaseHolder, of name: String = Lease.maintenance, in database: String, _ session: MariaDBHandle
    ) throws -> Bool {
        try LeaseConflict.retrying {
            try LeaseTable(database: database).release(name, token: holder.token, isForced: true, session)
        }
    }
}
