import HTTPTypes
import Hummingbird
import OpsCore

/// The routes, for administrators, that exchange what is in the database for what was there.
struct RestoreController: Sendable {
    let settings: Settings
    let maintenance: Maintenance

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.administrator)
            .post("/api/backup/restore", use: restore)
            .post("/api/backup/undo", use: undo)
            .get("/api/admin/restores", use: restores)
    }

    private func restore(_ request: Request, _ context: ShimContext) async throws -> Response {
        let order = try await Confirmation.read(request)
        guard let given = order.filename, !given.isEmpty else {
            throw OperationError(.badRequest, "MISSING_FILENAME", "send {\"filename\": …} to say which backup is meant")
        }
        let name = try BackupName(given: given)
        context.audit.subject = name.text
        _ = try await refusing { try BackupFolder(settings.backups.directory, holding: name).open(name) }
        try order.require("RESTORE")
        return try await JobAccepted.answer(context, about: name.text) { try await maintenance.restore(name, by: $0) }
    }

    private func undo(_: Request, _ context: ShimContext) async throws -> Response {
        try await JobAccepted.answer(context) { try await maintenance.undoRestore(by: $0) }
    }

    private func restores(_: Request, _: ShimContext) async throws -> Response {
        try ShimJSON.response(try await maintenance.restores())
    }
}
