import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/admin/preflight`, for administrators: what the checks say, the connection budget among them.
struct PreflightController: Sendable {
    private let runs: PreflightRuns

    init(_ settings: SettingsInspection) { runs = PreflightRuns(PreflightOptions(settings: settings)) }

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.administrator).get("/api/admin/preflight") { _, _ in
            try ShimJSON.response(try await runs.report())
        }
    }
}

/// At most one run at a time, however many ask: who comes while one is under way gets its report.
private actor PreflightRuns {
    private let options: PreflightOptions
    private var running: Task<CheckReport, any Error>?

    init(_ options: PreflightOptions) { self.options = options }

    func report() async throws -> CheckReport {
        if let running { return try await running.value }
        let run = Task { [options] in try await Preflight(options).run() }
        running = run
        defer { running = nil }
        return try await run.value
    }
}
