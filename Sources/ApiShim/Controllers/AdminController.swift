import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/admin/…`, for administrators: migrations and what was done.
struct AdminController: Sendable {
    private struct Audit: Encodable { var data: [AuditRecord] }

    let settings: Settings
    let audit: AuditLog
    let maintenance: Maintenance
    private var migrator: Migrator {
        Migrator(database: settings.database, directory: settings.migrations.directory)
    }

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.administrator)
            .get("/api/admin/migrations", use: migrations)
            .get("/api/admin/migrations/plan", use: plan)
            .post("/api/admin/migrations/apply", use: apply)
            .get("/api/admin/audit", use: newest)
    }

    private func migrations(_: Request, _: ShimContext) async throws -> Response {
        try ShimJSON.response(await telling { try await migrator.status() })
    }

    private func plan(_: Request, _: ShimContext) async throws -> Response {
        try ShimJSON.response(await telling { try await migrator.plan(MigrationOptions()) })
    }

    private func apply(_ request: Request, _ context: ShimContext) async throws -> Response {
        try await Confirmation.read(request).require("MIGRATE")
        return try await JobAccepted.answer(context) { try await maintenance.migrate(by: $0) }
    }

    private func newest(_ request: Request, _: ShimContext) async throws -> Response {
        let given = request.uri.queryParameters["limit"]
        guard let limit = given.map({ Int($0) }) ?? 50, (1...500).contains(limit) else {
            throw HTTPError(.badRequest, message: "limit is a whole number from 1 to 500")
        }
        return try ShimJSON.response(Audit(data: try await audit.newest(limit)))
    }

    /// What is wrong with the files is for an administrator to read; what is wrong with the database is answered as
    /// everywhere.
    private func telling<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as DatabaseError {
            throw error
        } catch let error as any OperatorError {
            throw OperationError(.conflict, error.code, error.message)
        }
    }
}
