import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import OpsCore

/// What a thrown error is answered with: an ``OperationError`` `{error: CODE, message, …}`, anything else
/// `application/problem+json` (RFC 9457). Internal text stays in the log.
enum ErrorAnswer {
    /// The body of such an answer.
    struct Problem: Codable, Sendable {
        var type = "about:blank"
        var title: String
        var status: Int
        var detail: String
        var instance: String
    }

    static func response(to error: any Error, _ request: Request, _ context: ShimContext) -> Response {
        do {
            return try answer(to: error, request, context)
        } catch {
            context.logger.error("answer cannot be encoded", metadata: ["error": "\(error)"])
            return Response(status: .internalServerError)
        }
    }

    private static func answer(to error: any Error, _ request: Request, _ context: ShimContext) throws -> Response {
        switch error {
        case let error as OperationError:
            return try answer(error)
        case let error as AccountError where error.kind == .badToken || error.kind == .expiredToken:
            return try answer(.unauthorized, error.message, request, headers: challenge)
        case let error as AccountError where error.kind != .hashFailed:
            return try answer(OperationError(error))
        case let error as any HTTPResponseError:
            return try answer(
                error.status, detail(of: error, request), request, headers: (error as? HTTPError)?.headers)
        case let error as DatabaseError where [.unreachable, .poolTimeout].contains(error.kind):
            context.logger.error("the database cannot be used", metadata: ["error": "\(error)"])
            return try answer(
                .serviceUnavailable, "the database cannot be used now; the request's id is \(context.id)",
                request, headers: [.retryAfter: "5"])
        default:
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return try answer(.internalServerError, "the request failed; its id is \(context.id)", request)
        }
    }

    /// The status that an error is answered with.
    static func status(of error: any Error) -> HTTPResponse.Status {
        switch error {
        case let error as OperationError: error.status
        case let error as AccountError where error.kind == .badToken || error.kind == .expiredToken: .unauthorized
        case let error as AccountError: OperationError(error).status
        case let error as any HTTPResponseError: error.status
        case is HTTPParserError: .badRequest
        case let error as DatabaseError where [.unreachable, .poolTimeout].contains(error.kind): .serviceUnavailable
        default: .internalServerError
        }
    }

    /// Tells a client what kind of credentials are wanted (RFC 6750).
    static let challenge: HTTPFields = [.wwwAuthenticate: "Bearer"]

    private static func detail(of error: any HTTPResponseError, _ request: Request) -> String {
        if let text = (error as? HTTPError)?.body { return text }
        return error.status == .notFound ? "there is nothing at \(request.uri.path)" : error.status.reasonPhrase
    }

    private static func answer(_ error: OperationError) throws -> Response {
        var response = try ShimJSON.response(error.body, status: error.status)
        for field in error.headers { response.headers[field.name] = field.value }
        return response
    }

    private static func answer(
        _ status: HTTPResponse.Status, _ detail: String, _ request: Request, headers: HTTPFields? = nil
    ) throws -> Response {
        let problem = Problem(
            title: status.reasonPhrase, status: status.code, detail: detail, instance: request.uri.path)
        var fields = headers ?? [:]
        fields[.contentType] = "application/problem+json"
        return Response(
            status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: try ShimJSON.encode(problem))))
    }
}
