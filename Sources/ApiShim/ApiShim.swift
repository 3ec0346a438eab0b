import Hummingbird
import Logging
import NIOCore
import NIOPosix
import OpsCore
import ServiceLifecycle

/// The HTTP shim: the toolkit's operations for the admin page, health probes and programs.
public struct ApiShim: Sendable {
    /// Everything that the shim is made from.
    public struct Options: Sendable {
        public var settings: Settings
        /// Where the settings come from, for the checks.
        public var inspection: SettingsInspection
        public var logger: Logger
        /// What the migration run at start did; nil without one.
        public var startup: MigrationResult?
        /// Called once the port is open, with its number.
        public var onRunning: @Sendable (Int) async -> Void
        var limits = ConnectionLimits()

        public init(
            settings: Settings, inspection: SettingsInspection? = nil, logger: Logger, startup: MigrationResult? = nil,
            onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
        ) {
            self.settings = settings
            self.inspection = inspection ?? SettingsReader().inspect()
            self.inspection.settings = settings
            self.logger = logger
            self.startup = startup
            self.onRunning = onRunning
        }
    }

    /// Requests that are under way when the signal comes have so long; then they are cancelled. The process ends within
    /// 10 s of the signal.
    static let shutdownLimit = Duration.seconds(8)

    /// How long after the signal connections and requests are still taken. Far more than a busy event loop needs for what
    /// was sent before it.
    static let lingerTime = Duration.milliseconds(250)

    private let options: Options

    public init(_ options: Options) { self.options = options }

    /// Serves until SIGTERM or SIGINT, and a moment longer; requests that are under way are answered first.
    public func run() async throws {
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: options.settings.server.workers)
        let outcome = await Result { [options] in
            var configuration = ServiceGroupConfiguration(
                services: [
                    .init(service: try await Self.build(options, threads: threads)),
                    .init(service: LingerService(time: Self.lingerTime)),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: options.logger)
            configuration.maximumGracefulShutdownDuration = Self.shutdownLimit
            try await ServiceGroup(configuration: configuration).run()
        }
        try await threads.shutdownGracefully()
        do {
            try outcome.get()
        } catch let error as IOError {
            throw ShimError(listeningOn: options.settings.server.host, options.settings.server.port, error)
        }
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
