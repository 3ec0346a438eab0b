/// How `migrate up` is to work.
public struct MigrationOptions: Sendable {
    /// Run only files up to this number; nil for all.
    public var target: Int?
    /// How long to wait for another migration to end; whole seconds.
    public var lockTimeout: Duration
    /// Run files below the newest applied one too.
    public var allowOutOfOrder: Bool
    /// Run a file that failed from its start, not from where it stopped.
    public var restart: Bool
    /// How long to try again a statement that waits for a lock of others, in all.
    public var lockWaitBudget: Duration
    /// Makes a backup under the lease before anything is changed, and returns its name; nil for none.
    public var makeBackup: (@Sendable (Lease) async throws -> String)?

    public init(
        target: Int? = nil, lockTimeout: Duration = .seconds(30), allowOutOfOrder: Bool = false, restart: Bool = false,
        lockWaitBudget: Duration = .seconds(60)
    ) {
        self.target = target
        self.lockTimeout = lockTimeout
        self.allowOutOfOrder = allowOutOfOrder
        self.restart = restart
        self.lockWaitBudget = lockWaitBudget
        makeBackup = nil
    }
}
