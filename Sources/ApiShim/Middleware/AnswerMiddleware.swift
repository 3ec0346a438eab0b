import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import OpsCore

/// What every request passes: it finds out who asks, turns what was thrown into its answer, gives every answer the headers
/// that all have, counts it, and writes one log line, without query string or body.
struct AnswerMiddleware: RouterMiddleware {
    private static let requestID = HTTPField.Name("X-Request-Id")!

    let authentication: Authentication
    let meter: RequestMeter
    let crossOrigin: CrossOrigin
    /// Whose word on where a request comes from is taken.
    let proxies: [IPNetwork]

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        meter.began()
        var response: Response
        if let answer = crossOrigin.preflight(request) {
            response = answer
        } else {
            do {
                var context = context
                context.identity = try await authentication.identity(of: request)
                response = try await next(request, context)
            } catch let error as HTTPParserError {
                // What follows on the connection cannot be read either: the server answers 400 and closes it.
                ended(request, context, ErrorAnswer.status(of: error).code, since: start)
                throw error
            } catch {
                response = ErrorAnswer.response(to: error, request, context)
            }
        }
        // Also where there is no route, or none for this method.
        if request.method == .head { response = response.createHeadResponse() }
        crossOrigin.add(to: &response.headers, for: request)
        SecurityHeaders.add(to: &response.headers)
        response.headers.append(HTTPField(name: Self.requestID, value: context.id))
        ended(request, context, response.status.code, since: start)
        return response
    }

    private func ended(
        _ request: Request, _ context: ShimContext, _ status: Int, since start: ContinuousClock.Instant
    ) {
        let route = context.endpointPath
        let time = ContinuousClock.now - start
        meter.ended(request.method, route: route, status: status, seconds: time / .seconds(1))
        // Probes come every few seconds: they are told only to those who ask for debug lines.
        let isProbe = route.map(HealthController.paths.contains) ?? false
        context.plainLogger.log(
            level: isProbe ? .debug : .info, "request",
            metadata: [
                "request_id": "\(context.id)", "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(status)",
                "client": "\(context.client(of: request, trusting: proxies) ?? "")", "ms": "\(time.milliseconds)",
            ])
    }
}
