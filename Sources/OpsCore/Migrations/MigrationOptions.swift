/// How `migrate up` is to work.
public struct MigrationOptions: Sendable, Equatable {
    /// Run only files up to this number; nil for all.
    public var target: Int?
    /// How long to wait for another migration to end; whole seconds.
    public var lockTimeout: Duration
    /// Run files below the newest applied one too.
    public var allowOutOfOrder: Bool

    public init(target: Int? = nil, lockTimeout: Duration = .seconds(30), allowOutOfOrder: Bool = false) {
        self.target = target
        self.lockTimeout = lockTimeout
        self.allowOutOfOrder = allowOutOfOrder
    }
}
