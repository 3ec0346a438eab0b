import Hummingbird
import OpsCore

/// The groups that controllers add their routes to, one for each kind of caller:
///
/// ```swift
/// routes.requiring(.administrator).get("/api/backup/list", use: list)
/// routes.anyone.get("/api/jobs/:id/status", use: status)
/// routes.throttled.post("/api/auth/signup", use: signUp)
/// ```
///
/// A handler finds the caller in `context.identity`, reads a body with ``JSONBody`` and throws an ``OperationError`` to
/// refuse. A path answers the same with and without a trailing slash.
struct ShimRoutes {
    private let router: Router<ShimContext>
    private let throttle: ThrottleMiddleware
    private let audit: AuditMiddleware?

    init(_ router: Router<ShimContext>, _ throttle: ThrottleMiddleware, _ audit: AuditMiddleware?) {
        self.router = router
        self.throttle = throttle
        self.audit = audit
    }

    /// No token is needed, and nothing is changed: asked every few seconds, and by many.
    var probes: RouterGroup<ShimContext> { router.group().add(middleware: RequestLimitMiddleware()) }

    /// No token is needed; a handler that has more to tell to some looks at `context.identity`.
    var anyone: RouterGroup<ShimContext> { audited.add(middleware: RequestLimitMiddleware()) }

    /// No token is needed, but a caller may only try so often, counted over all routes of this kind.
    var throttled: RouterGroup<ShimContext> {
        audited.add(middleware: throttle).add(middleware: RequestLimitMiddleware())
    }

    /// Only for callers with that role or a higher one.
    func requiring(_ role: Role) -> RouterGroup<ShimContext> {
        audited.add(middleware: RoleMiddleware(minimum: role)).add(middleware: RequestLimitMiddleware())
    }

    private var audited: RouterGroup<ShimContext> {
        let group = router.group()
        return audit.map { group.add(middleware: $0) } ?? group
    }
}
