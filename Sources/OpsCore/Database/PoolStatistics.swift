/// The figures of a ``DatabasePool`` at one moment.
public struct PoolStatistics: Sendable, Equatable {
    /// Most connections that the pool may have.
    public var maximum: Int
    /// Connections that are lent out or being opened.
    public var active: Int
    /// Open connections that wait to be lent.
    public var idle: Int
    /// Callers that wait for a connection.
    public var waiting: Int
    /// Open connections, lent or not.
    public var total: Int { active + idle }
}
