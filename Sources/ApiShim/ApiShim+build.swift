import Hummingbird
import Logging
import NIOCore
import OpsCore

extension ApiShim {
    /// A connection without a request for this long is closed.
    static let idleLimit = TimeAmount.seconds(60)

    /// All wiring of the shim; the tests build the same application.
    /// - Throws: ``AccountError`` when JWT_SECRET is set, but too short.
    static func build(
        _ options: Options, threads: any EventLoopGroup
    ) async throws -> some ApplicationProtocol {
        let settings = options.settings
        let pool = DatabasePool(settings.database, settings.pool)
        let probe = ReadinessProbe(database: settings.database, directory: settings.migrations.directory)
        let monitor = ReadinessMonitor(probe, logger: options.logger)
        let (router, routes) = try await makeRouter(settings.auth)
        HealthController(monitor: monitor, pool: pool, startup: options.startup).addRoutes(to: routes.anyone)
        let accounts = try await addAccounts(to: routes, settings, pool: pool, logger: options.logger)
        var application = Application(
            router: router,
            server: .http1(configuration: .init(idleTimeout: idleLimit)),
            configuration: .init(
                address: .hostname(settings.server.host, port: settings.server.port), serverName: nil),
            services: [monitor] + accounts,
            onServerRunning: { await options.onRunning($0.localAddress?.port ?? settings.server.port) },
            eventLoopGroupProvider: .shared(threads), logger: options.logger)
        application.beforeServerStarts { await monitor.check() }
        return application
    }

    /// The router with what every request passes, and the groups that controllers add their routes to.
    static func makeRouter(
        _ settings: AuthSettings, throttle: Throttle? = nil
    ) async throws -> (router: Router<ShimContext>, routes: ShimRoutes) {
        let tokens = settings.jwtSecret == nil ? nil : try await AccessToken(settings)
        let router = Router(context: ShimContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: AccessLogMiddleware())
        router.add(middleware: ProblemMiddleware())
        router.add(middleware: AuthenticationMiddleware(tokens: tokens))
        return (router, ShimRoutes(router, throttle: ThrottleMiddleware(settings, throttle: throttle)))
    }
}
