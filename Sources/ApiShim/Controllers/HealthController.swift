import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import OpsCore

/// Liveness and readiness: no token, never kept by clients, no wait for the database.
struct HealthController: Sendable {
    private struct Liveness: Encodable, Equatable {
        var status = "healthy"
        var timestamp = Timestamp.shared.text()
        var version = ToolVersion.current
    }

    /// Every path of a probe, as the router names it.
    static let paths: Set = ["/api/health", "/api/health/ready", "/health", "/health/ready", "/livez", "/readyz"]

    let monitor: ReadinessMonitor
    let conditions: PostConditionMonitor
    let pool: DatabasePool
    let startup: MigrationResult?
    private let liveness = KeptJSON<Liveness>()
    private let readiness = KeptJSON<ReadinessReport>()

    init(
        monitor: ReadinessMonitor, conditions: PostConditionMonitor, pool: DatabasePool, startup: MigrationResult?
    ) {
        self.monitor = monitor
        self.conditions = conditions
        self.pool = pool
        self.startup = startup
    }

    func addRoutes(to router: RouterGroup<ShimContext>) {
        for path in ["/api/health", "/health"] {
            router.get("\(path)", use: health)
            router.get("\(path)/ready", use: ready)
        }
        router.get("/livez") { request, _ in Self.text(request.isVerbose ? "ok\nprocess: ok" : "ok") }
        router.get("/readyz", use: readyText)
    }

    private func health(_: Request, _: ShimContext) async throws -> Response {
        ShimJSON.response(encoded: try liveness.bytes(of: Liveness()))
    }

    private func ready(_: Request, _ context: ShimContext) async throws -> Response {
        let state = monitor.state
        let report = ReadinessReport(
            state, pool: await pool.statistics, startup: startup, broken: conditions.broken,
            isForAdministrator: context.identity?.userRole == .administrator)
        return ShimJSON.response(
            encoded: try readiness.bytes(of: report), status: state.reason == nil ? .ok : .serviceUnavailable)
    }

    private func readyText(_ request: Request, _: ShimContext) async throws -> Response {
        let state = monitor.state
        let isReady = state.reason == nil
        var lines = [isReady ? "ok" : "not ready: \(state.reason ?? "")"]
        if request.isVerbose {
            lines += [
                "database: \(state.isConnected ? "ok" : "failed")",
                "migrations: \(state.migrations.map { "\($0.pending) pending, \($0.applied) applied" } ?? "unknown")",
            ]
            lines += state.warnings(broken: conditions.broken).map { "warning: \($0)" }
        }
        return Self.text(lines.joined(separator: "\n"), status: isReady ? .ok : .serviceUnavailable)
    }

    private static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}

extension Request {
    /// Whether a probe asks for the checks one by one.
    fileprivate var isVerbose: Bool { uri.queryParameters["verbose"] != nil }
}
