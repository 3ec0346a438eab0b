import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import OpsCore
import ServiceLifecycle

extension ApiShim {
    /// Further connections wait until others are closed.
    static let maximumConnections = 1000
    /// No client of ours sends more.
    static let headerLimits = HTTP1Channel.Configuration.DecoderConfiguration(
        maxHeaderFieldSize: 16 * 1024, maxHeaderListSize: 32 * 1024, maxHeaderFieldCount: 100)

    /// The shim as it runs; the tests build the same application.
    /// - Throws: ``AccountError`` when JWT_SECRET is set, but too short.
    static func build(
        _ options: Options, threads: any EventLoopGroup
    ) async throws -> some ApplicationProtocol {
        let server = options.settings.server
        let limits = options.limits
        let (router, services) = try await wire(options)
        var application = Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [ConnectionGuard(limits)], idleTimeout: limits.idle,
                    httpDecoderConfiguration: headerLimits)),
            configuration: .init(
                address: .hostname(server.host, port: server.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(maximumConnections)),
            services: services.others + [services.monitor],
            onServerRunning: { await options.onRunning($0.localAddress?.port ?? server.port) },
            eventLoopGroupProvider: .shared(threads), logger: options.logger)
        application.beforeServerStarts { await services.monitor.check() }
        return application
    }

    /// All wiring: every route, and what has to run for them.
    static func wire(
        _ options: Options
    ) async throws -> (router: Router<ShimContext>, services: (monitor: ReadinessMonitor, others: [any Service])) {
        let settings = options.settings
        let pool = DatabasePool(settings.database, settings.pool)
        let probe = ReadinessProbe(database: settings.database, directory: settings.migrations.directory)
        let monitor = ReadinessMonitor(probe, logger: options.logger)
        let conditions = PostConditionMonitor(
            database: settings.database, directory: settings.migrations.directory, logger: options.logger)
        let audit = AuditLog(pool: pool, database: settings.database.database)
        let meter = RequestMeter()
        let (router, routes) = try await makeRouter(
            settings.auth, origins: settings.server.corsAllowedOrigins, audit: audit, meter: meter)
        HealthController(monitor: monitor, conditions: conditions, pool: pool, startup: options.startup)
            .addRoutes(to: routes.probes)
        VersionController(monitor: monitor, pool: pool).addRoutes(to: routes)
        let listing = BackupListing()
        let collector = MetricsCollector(
            settings, monitor: monitor, conditions: conditions, pool: pool, listing: listing)
        MetricsController(collector: collector, meter: meter).addRoutes(to: routes)
        OpenAPIController().addRoutes(to: routes)
        AdminPageController().addRoutes(to: routes)
        let accounts = try await addAccounts(to: routes, settings, pool: pool, logger: options.logger)
        let operations = addOperations(to: routes, options, pool: pool, audit: audit, listing: listing)
        return (router, (monitor, [conditions] + accounts + operations))
    }

    /// The router with what every request passes, and the groups that controllers add their routes to.
    static func makeRouter(
        _ settings: AuthSettings, throttle: Throttle? = nil, origins: [String] = [], audit: AuditLog? = nil,
        meter: RequestMeter = RequestMeter()
    ) async throws -> (router: Router<ShimContext>, routes: ShimRoutes) {
        let tokens = settings.jwtSecret == nil ? nil : try await AccessToken(settings)
        let router = Router(context: ShimContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(
            middleware: AnswerMiddleware(
                authentication: Authentication(tokens: tokens), meter: meter,
                crossOrigin: CrossOrigin(allowed: origins), proxies: settings.trustedProxies))
        let note = audit.map { AuditMiddleware(audit: $0, proxies: settings.trustedProxies) }
        return (router, ShimRoutes(router, ThrottleMiddleware(settings, throttle: throttle), note))
    }
}
