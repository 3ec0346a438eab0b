/// Who keeps others from migrating, as `migrate unlock` shows it.
public struct MigrationHolders: Codable, Sendable, Equatable {
    /// Holder of the lease; null while it is free.
    @EncodedAsNull public var lease: LeaseHolder?
    /// The session that holds the server's lock of that name, as the older runner takes it; null while it is free.
    @EncodedAsNull public var serverLock: String?
    /// The lease was taken away from its holder.
    public internal(set) var freed = false
}
