import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/admin/preflight`, for administrators: what the checks say, the connection budget among them.
struct PreflightController: Sendable {
    private let runs: PreflightRuns

    init(_ settings: SettingsInspection) { runs = PreflightRuns(PreflightOptions(settings: settings)) }

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.administrator).get("/api/admin/preflight", use: report)
    }

    private func report(_ request: Request, _: ShimContext) async throws -> Response {
        let only = request.uri.queryParameters["only"]?.split(separator: ",").map(String.init) ?? []
        do {
            return try ShimJSON.response(try await runs.report(.quick(only: only)))
        } catch let error as PreflightError {
            throw OperationError(.badRequest, error.code, error.message)
        }
    }
}

/// At most one run at a time of the same checks, however many ask: who comes while one is under way gets its report.
private actor PreflightRuns {
    private let options: PreflightOptions
    private var running: [[String]: Task<CheckReport, any Error>] = [:]

    init(_ options: PreflightOptions) { self.options = options }

    func report(_ selection: CheckSelection) async throws -> CheckReport {
        let key = selection.only.map { $0.uppercased() }
        if let run = running[key] { return try await run.value }
        let run = Task { [options] in try await Preflight(options).run(selection) }
        running[key] = run
        defer { running[key] = nil }
        return try await run.value
    }
}
