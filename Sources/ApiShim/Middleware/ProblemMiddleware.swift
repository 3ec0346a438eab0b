import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Turns every thrown error into `application/problem+json` (RFC 9457). Internal text stays in the log.
struct ProblemMiddleware: RouterMiddleware {
    /// The body of such an answer.
    struct Problem: Codable, Sendable {
        var type = "about:blank"
        var title: String
        var status: Int
        var detail: String
        var instance: String
    }

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as any HTTPResponseError {
            return try Self.answer(error.status, Self.detail(of: error, request), request)
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return try Self.answer(.internalServerError, "the request failed; its id is \(context.requestID)", request)
        }
    }

    private static func detail(of error: any HTTPResponseError, _ request: Request) -> String {
        if let text = (error as? HTTPError)?.body { return text }
        return error.status == .notFound ? "there is nothing at \(request.uri.path)" : error.status.reasonPhrase
    }

    private static func answer(
        _ status: HTTPResponse.Status, _ detail: String, _ request: Request
    ) throws -> Response {
        let problem = Problem(
            title: status.reasonPhrase, status: status.code, detail: detail, instance: request.uri.path)
        return Response(
            status: status, headers: [.contentType: "application/problem+json"],
            body: .init(byteBuffer: ByteBuffer(bytes: try ShimJSON.encode(problem))))
    }
}
