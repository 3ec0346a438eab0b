/// The pool of database connections of the shim.
public struct PoolSettings: Sendable, Equatable {
    /// The most connections that are open at once (DB_POOL_SIZE).
    public var maximumConnections: Int
    /// The longest time to wait for a free connection (DB_POOL_TIMEOUT, seconds).
    public var waitTimeout: Duration

    /// Values that no variable gave; each default is that of its variable.
    public init(maximumConnections: Int = 5, waitTimeout: Duration = .seconds(5)) {
        self.maximumConnections = maximumConnections
        self.waitTimeout = waitTimeout
    }

    init(_ values: inout SettingValues) {
        self.init(maximumConnections: values.integer(.poolSize), waitTimeout: values.duration(.poolTimeout))
    }
}
