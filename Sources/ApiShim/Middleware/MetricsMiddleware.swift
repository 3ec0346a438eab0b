import Hummingbird
import OpsCore

/// Counts every request. It is the outermost, so that it sees the status that the client gets.
struct MetricsMiddleware: RouterMiddleware {
    let meter: RequestMeter

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        meter.began()
        var status = 500
        defer {
            meter.ended(
                request.method, route: context.endpointPath, status: status,
                seconds: Double(start.duration(to: clock.now).milliseconds) / 1000)
        }
        let response = try await next(request, context)
        status = response.status.code
        return response
    }
}
