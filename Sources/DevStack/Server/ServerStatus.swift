/// What a private server is doing.
public struct ServerStatus: Codable, Sendable, Equatable {
    /// The states that matter to an operator.
    public enum State: String, Codable, Sendable {
        /// There is no data folder: it was never started, or it was reset.
        case absent
        /// It has data, but does not run.
        case stopped
        /// It runs and answers.
        case running
        /// It runs, but sends no greeting.
        case notAnswering = "not_answering"
    }

    /// See `State`.
    public let state: State
    /// The process number while it runs.
    public let pid: Int32?
    /// The remembered port, nil before the first start.
    public let port: UInt16?
    /// Path of the socket while it runs.
    public let socketPath: String?
}
