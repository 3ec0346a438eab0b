import FoundationEssentials

/// A throw-away server for tests: fast, not durable, and gone when the process that started it is.
public final class TestServer: Sendable {
    static let folderPrefix = "sysndd-test-"

    /// The server itself, for tests that stop and start it; it keeps its port.
    public let server: EmbeddedServer
    /// How to reach it.
    public let endpoint: ServerEndpoint
    private let watch: OwnerWatch

    /// Many tests run on it at once.
    private static let sharedTask = Task { try await TestServer.start(settings: ["max-connections": "1000"]) }

    /// The one server that the tests of this process share, started at the first call. Each test makes a database of
    /// its own on it.
    public static func shared() async throws -> TestServer { try await sharedTask.value }

    /// Starts a server of its own for a test that needs one.
    ///
    /// - Parameters:
    ///   - settings: further options of the server, for example `["log-bin": "binlog", "server-id": "1"]`.
    ///   - programs: which programs to use; nil looks for the installed ones.
    /// - Throws: what `EmbeddedServer.start` throws.
    public static func start(settings: [String: String] = [:], programs: ServerPrograms? = nil) async throws
        -> TestServer
    {
        let root = TemporaryFolder.root
        await StaleTestServers.remove(in: root)
        let folder = StackFolder(try TemporaryFolder.make(prefix: "\(root)/\(folderPrefix)"))
        if let owner = ProcessIdentity.current {
            try DetachedProcess(identity: owner).save(to: ownerFile(in: folder))
        }
        let watch = try await OwnerWatch(over: folder)
        let options = ServerOptions(durability: .none, settings: settings)
        let server = EmbeddedServer(folder: folder, options: options, programs: programs)
        do {
            return TestServer(server: server, endpoint: try await server.start().endpoint, watch: watch)
        } catch {
            try? await watch.release()
            throw error
        }
    }

    private init(server: EmbeddedServer, endpoint: ServerEndpoint, watch: OwnerWatch) {
        self.server = server
        self.endpoint = endpoint
        self.watch = watch
    }

    /// Kills the server and removes its folder. It is done without this call too when the process ends, but then
    /// shortly afterwards.
    public func stop() async throws { try await watch.release() }

    static func ownerFile(in folder: StackFolder) -> String { folder.file("owner.process") }
}
