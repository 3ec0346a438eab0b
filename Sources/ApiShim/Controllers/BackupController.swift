import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/backup/…`, for administrators: what there is, and the operations on it.
struct BackupController: Sendable {
    private struct Deleted: Encodable {
        var success = true
        var message: String
        var deletedFile: String
        var deletedSizeBytes: Int
    }

    let settings: Settings
    let listing: BackupListing
    let maintenance: Maintenance

    func addRoutes(to routes: ShimRoutes) {
        routes.requiring(.administrator)
            .get("/api/backup/list", use: list)
            .post("/api/backup/create", use: create)
            .get("/api/backup/download/:file", use: download)
            .delete("/api/backup/delete/:file", use: delete)
            .post("/api/backup/verify/:file", use: verify)
    }

    // MARK: - Reading

    private func list(_ request: Request, _ context: ShimContext) async throws -> Response {
        let page = try BackupPage(request.uri.queryParameters)
        do {
            let folder = try BackupFolder(settings.backups.directory)
            return try ShimJSON.response(page.answer(try await listing.records(of: folder, within: .seconds(5))))
        } catch {
            context.logger.error("backups cannot be listed", metadata: ["error": "\(error)"])
            throw OperationError(
                .internalServerError, "BACKUP_LIST_FAILED",
                "the backups cannot be listed; the request's id is \(context.id)")
        }
    }

    private func download(_ request: Request, _ context: ShimContext) async throws -> Response {
        let name = try name(in: context)
        let file = try await refusing { try BackupFolder(settings.backups.directory, holding: name).open(name) }
        return BackupDownload(file).response(to: request)
    }

    // MARK: - Operations

    private func create(_: Request, _ context: ShimContext) async throws -> Response {
        try await JobAccepted.answer(context) { try await maintenance.backUp(by: $0) }
    }

    private func verify(_: Request, _ context: ShimContext) async throws -> Response {
        let name = try name(in: context)
        return try await JobAccepted.answer(context, about: name.text) { try await maintenance.verify(name, by: $0) }
    }

    private func delete(_ request: Request, _ context: ShimContext) async throws -> Response {
        let name = try name(in: context)
        if name.isLatestLink {
            throw OperationError(.badRequest, "CANNOT_DELETE_SYMLINK", "\(name) is a link, not a backup")
        }
        try await Confirmation.read(request).require("DELETE")
        let size = try await refusing { try await maintenance.delete(name) }
        return try ShimJSON.response(
            Deleted(message: "\(name) was deleted", deletedFile: name.text, deletedSizeBytes: size))
    }

    // MARK: - Parts

    /// The name in the path, which is still percent-encoded there.
    private func name(in context: ShimContext) throws -> BackupName {
        let name = try BackupName(given: (context.parameters.get("file") ?? "").removingPercentEncoding)
        context.audit.subject = name.text
        return name
    }
}

extension BackupName {
    /// - Throws: ``OperationError`` 400 `INVALID_FILENAME`.
    init(given text: String?) throws {
        guard let name = text.flatMap(BackupName.init) else {
            throw OperationError(
                .badRequest, "INVALID_FILENAME",
                "the name of a backup is one path segment that ends .sql or .sql.gz and does not begin with a dot")
        }
        self = name
    }
}

/// Runs an operation; what it refuses is answered in the words of the operation.
func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
    do {
        return try await body()
    } catch let error as any OperatorError {
        throw OperationError(error) ?? error
    }
}
