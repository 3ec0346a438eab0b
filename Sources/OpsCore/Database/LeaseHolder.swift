import Foundation

/// Who holds a ``Lease`` now.
public struct LeaseHolder: Sendable, Equatable, Codable, CustomStringConvertible {
    public let owner: LeaseOwner
    /// The fencing token: larger than that of every holder before.
    public let token: UInt64
    /// The server's id of the session that keeps the lease alive.
    public let connectionID: UInt
    /// When it took the lease, by the server's clock.
    public let since: Date
    /// When it last said that it is alive, by the server's clock.
    public let heartbeat: Date
    /// When the lease is over unless it says so again, by the server's clock.
    public let until: Date

    public var description: String { "\(owner), connection \(connectionID), since \(since.formatted(.iso8601))" }
}
