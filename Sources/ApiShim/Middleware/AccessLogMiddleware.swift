import HTTPTypes
import Hummingbird
import Logging
import OpsCore

/// One log line a request, without query string or body, and the request's id in the answer.
struct AccessLogMiddleware: RouterMiddleware {
    private static let probes = ["health", "livez", "readyz"]
    private static let requestID = HTTPField.Name("X-Request-Id")!

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        var response = try await next(request, context)
        response.headers[Self.requestID] = context.requestID
        // Probes come every few seconds: they are told only to those who ask for debug lines.
        let level: Logger.Level = Self.probes.contains { context.endpointPath?.contains($0) == true } ? .debug : .info
        context.logger.log(
            level: level, "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(response.status.code)",
                "ms": "\(start.duration(to: clock.now).milliseconds)",
            ])
        return response
    }
}
