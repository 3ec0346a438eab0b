import Hummingbird
import Logging
import NIOCore
import OpsCore

extension ApiShim {
    /// A connection without a request for this long is closed.
    static let idleLimit = TimeAmount.seconds(60)

    /// All wiring of the shim; the tests build the same application.
    static func build(_ options: Options, threads: any EventLoopGroup) -> some ApplicationProtocol {
        let settings = options.settings
        let pool = DatabasePool(settings.database, settings.pool)
        let probe = ReadinessProbe(database: settings.database, directory: settings.migrations.directory)
        let monitor = ReadinessMonitor(probe, logger: options.logger)
        let router = Router(context: ShimContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: AccessLogMiddleware())
        router.add(middleware: ProblemMiddleware())
        HealthController(monitor: monitor, pool: pool, startup: options.startup).addRoutes(to: router)
        var application = Application(
            router: router,
            server: .http1(configuration: .init(idleTimeout: idleLimit)),
            configuration: .init(
                address: .hostname(settings.server.host, port: settings.server.port), serverName: nil),
            services: [monitor],
            onServerRunning: { await options.onRunning($0.localAddress?.port ?? settings.server.port) },
            eventLoopGroupProvider: .shared(threads), logger: options.logger)
        application.beforeServerStarts { await monitor.check() }
        return application
    }
}
