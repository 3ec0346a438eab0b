/// What a start did.
public struct StartedServer: Sendable {
    /// How to reach the server.
    public let endpoint: ServerEndpoint
    /// The server's process.
    public let process: DetachedProcess
    /// True when it was running already, so that nothing was changed.
    public let wasRunning: Bool
    /// True when this start made the data folder.
    public let isNew: Bool
    /// What the operator should know, for example why the server runs as root.
    public let notes: [String]
}
