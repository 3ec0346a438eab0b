import Synchronization

/// What the work of a job gets.
public final class JobContext: Sendable {
    /// The job's id.
    public let id: String
    /// The right under which the work is done.
    public let lease: Lease
    private let latest = Mutex(JobProgress(step: "starting"))

    init(id: String, lease: Lease) {
        self.id = id
        self.lease = lease
    }

    /// What was last reported.
    var progress: JobProgress { latest.withLock { $0 } }

    /// Says how far the work is, from any thread; costs next to nothing.
    public func report(_ progress: JobProgress) { latest.withLock { $0 = progress } }
}
