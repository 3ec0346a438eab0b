/// What a holder writes of itself into the row of a lease.
struct LeaseHolding: Sendable {
    let owner: LeaseOwner
    let lifetime: Duration
    /// The server behind the session that writes.
    var server: LeaseServer
    /// Ids of the sessions that work under the lease.
    var workSessions: [UInt] = []
}
