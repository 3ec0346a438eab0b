import HTTPTypes
import Hummingbird
import Logging
import OpsCore

/// The outermost: gives every answer the headers that all have, counts it, and writes one log line, without query string
/// or body.
struct AnswerMiddleware: RouterMiddleware {
    private static let requestID = HTTPField.Name("X-Request-Id")!

    let meter: RequestMeter
    /// Whose word on where a request comes from is taken.
    let proxies: [IPNetwork]

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        meter.began()
        do {
            var response = try await next(request, context)
            SecurityHeaders.add(to: &response.headers)
            response.headers.append(HTTPField(name: Self.requestID, value: context.requestID))
            ended(request, context, response.status.code, since: start)
            return response
        } catch {
            ended(request, context, HTTPResponse.Status.internalServerError.code, since: start)
            throw error
        }
    }

    private func ended(
        _ request: Request, _ context: ShimContext, _ status: Int, since start: ContinuousClock.Instant
    ) {
        let route = context.endpointPath
        let time = ContinuousClock.now - start
        meter.ended(request.method, route: route, status: status, seconds: time / .seconds(1))
        // Probes come every few seconds: they are told only to those who ask for debug lines.
        let isProbe = route.map(HealthController.paths.contains) ?? false
        context.logger.log(
            level: isProbe ? .debug : .info, "request",
            metadata: [
                "method": "\(request.method)", "path": "\(request.uri.path)", "status": "\(status)",
                "client": "\(context.client(of: request, trusting: proxies) ?? "")", "ms": "\(time.milliseconds)",
            ])
    }
}
