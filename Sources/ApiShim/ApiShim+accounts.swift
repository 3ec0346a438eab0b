import Logging
import OpsCore
import ServiceLifecycle

extension ApiShim {
    /// The routes of accounts, and what has to run for them. Without JWT_SECRET there are none.
    static func addAccounts(
        to routes: ShimRoutes, _ settings: Settings, pool: DatabasePool, logger: Logger
    ) async throws -> [any Service] {
        guard settings.auth.jwtSecret != nil else { return [] }
        let outbox = Outbox(settings, pool: pool) { OutboxService.report($0, to: logger) }
        if outbox != nil, settings.server.baseURL == nil {
            logger.warning("BASE_URL is not set, so the links in mails lead nowhere")
        }
        let service = outbox.map { OutboxService($0, logger: logger) }
        let flows = try await AccountFlows(
            settings, pool: pool, hasher: PasswordHasher(), outbox: outbox, wake: { service?.wake() })
        AuthController(flows: flows).addRoutes(to: routes)
        UserController(flows: flows).addRoutes(to: routes)
        return service.map { [$0] } ?? []
    }
}
